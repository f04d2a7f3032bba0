/* The real export engine over a bench rig. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createDestinations, type DestinationOptions } from '../src/destinations/registry.ts';
import { createExports } from '../src/exports/exports.ts';
import { LocalStage } from '../src/exports/stage-local.ts';
import type { Exports, Sync } from '../src/exports/types.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { createLogger } from '../src/kernel/logger.ts';
import { sealingKey } from '../src/kernel/sealed.ts';
import type { Rig } from './rig.ts';

/** The warehouse that the engine loads. */
export interface Target {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly options?: DestinationOptions;
}

export function duckdbFile(path: string): Target {
  return { kind: 'duckdb', settings: { name: 'bench', path } };
}

export interface Engine extends AsyncDisposable {
  readonly exports: Exports;
  /** Connects the warehouse and starts the historical syncs. */
  connect(): Promise<void>;
  /** Resolves when the syncs of the kind have no open run left. @throws with the error's words when one fails */
  settled(kind: Sync['kind']): Promise<void>;
  /** Starts the periodic sync of events and waits for its end. */
  syncEventsNow(): Promise<void>;
}

export async function startEngine(rig: Rig, target: Target): Promise<Engine> {
  const tempDir = join(rig.folder, 'temp');
  await mkdir(tempDir);
  const exports = createExports({
    db: rig.database,
    destinations: createDestinations(target.options),
    stage: new LocalStage(join(rig.folder, 'staged')),
    sealingKeys: [sealingKey('a key for the length of a benchmark')],
    clock: systemClock,
    log: createLogger('warn'),
    options: { slots: 2, tempDir, outboundAddresses: [] },
  });
  await exports.start();

  const settled = async (kind: Sync['kind'], object?: Sync['object']): Promise<void> => {
    for (;;) {
      const syncs = (await exports.syncs.list(rig.accountId)).filter(
        (sync) => sync.kind === kind && (object === undefined || sync.object === object),
      );
      if (syncs.some((sync) => sync.status === 'error' || sync.status === 'failed')) {
        const { items } = await exports.errors.list(rig.accountId, { size: 1 });
        throw new Error(`${items[0]?.summary} ${items[0]?.externalMessage}`);
      }
      const done = kind === 'historical' ? 'completed' : 'scheduled';
      if (syncs.length > 0 && syncs.every((sync) => sync.status === done && sync.progress === null)) return;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  };

  return {
    exports,
    settled,
    async connect() {
      await exports.connections.connect(
        rig.accountId,
        {
          kind: target.kind,
          name: 'bench',
          settings: target.settings,
          selection: { objects: ['events'], excludedIntegrations: [], metrics: null, history: 'all' },
        },
        'bench',
      );
    },
    async syncEventsNow() {
      const syncs = await exports.syncs.list(rig.accountId);
      const sync = syncs.find((candidate) => candidate.kind === 'periodic' && candidate.object === 'events');
      if (!sync) throw new Error('there is no periodic sync of events');
      const before = sync.endedAt;
      await exports.syncs.syncNow(rig.accountId, sync.id, 'bench');
      for (;;) {
        const now = await exports.syncs.get(rig.accountId, sync.id);
        if (now.endedAt && now.endedAt.getTime() !== before?.getTime() && now.progress === null) return;
        if (now.status === 'error' || now.status === 'failed') await settled('periodic', 'events');
        await new Promise((wake) => setTimeout(wake, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      await exports.stop();
    },
  };
}
