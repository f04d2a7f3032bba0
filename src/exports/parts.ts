/** What the export engine is given, and what its own files get of it. */
import type { Database } from '../db/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SealingKeys } from '../kernel/sealed.ts';
import type { Destinations } from './destination-access.ts';
import type { StageStore } from './stage-store.ts';

export interface WorkerOptions {
  readonly slots: number;
  readonly tempDir: string;
  /** How long an idle loop waits before it looks again. */
  readonly pollMs: number;
  readonly leaseMs: number;
  readonly beatMs: number;
}

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
