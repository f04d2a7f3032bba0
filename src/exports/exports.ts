/** Composition of the export engine: what other folders hold in their hands. */
import { tmpdir } from 'node:os';
import type { Database } from '../db/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SealingKeys } from '../kernel/sealed.ts';
import { createConnections } from './connections.ts';
import type { Destinations } from './destination-access.ts';
import { createErrors } from './errors.ts';
import { createRuns } from './runs.ts';
import type { StageStore } from './stage-store.ts';
import { createSyncActions } from './syncs.ts';
import { createTimeline } from './timeline.ts';
import type { Exports } from './types.ts';
import { ExportWorker, type WorkerOptions } from './worker.ts';

export interface ExportsDeps {
  readonly db: Database;
  /** By kind. */
  readonly destinations: Destinations;
  readonly stage: StageStore;
  readonly sealingKeys: SealingKeys;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options?: Partial<ExportOptions>;
}

export interface ExportOptions extends WorkerOptions {
  /** CIDRs to allow in the warehouse's firewall. */
  readonly outboundAddresses: readonly string[];
}

/** What the folder's own files get. */
export interface ExportParts extends Omit<ExportsDeps, 'options'> {
  readonly options: ExportOptions;
  /** Something may be due: the worker looks at once. */
  readonly wake: () => void;
}

const defaults: ExportOptions = {
  slots: 4,
  tempDir: tmpdir(),
  pollMs: 1_000,
  leaseMs: 30_000,
  beatMs: 10_000,
  outboundAddresses: [],
};

/** `options.slots` 0 makes a process that answers calls and leaves the work to others. */
export function createExports(deps: ExportsDeps): Exports {
  const options = { ...defaults, ...deps.options };
  const worker = new ExportWorker({ ...deps, options });
  const parts: ExportParts = { ...deps, options, wake: () => worker.wake() };
  return {
    start: () => worker.start(),
    stop: () => worker.stop(),
    connections: createConnections(parts),
    syncs: createSyncActions(parts),
    runs: createRuns(deps.db),
    timeline: createTimeline(deps.db),
    errors: createErrors(deps.db),
  };
}
