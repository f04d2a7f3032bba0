/** The export engine as it runs, over a test file's database, with a clock that can be set forward. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../db/database.ts';
import type { AnyDestination } from '../../destinations/destination.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { JsonText } from '../../kernel/json-text.ts';
import { createLogger } from '../../kernel/logger.ts';
import { sealingKey } from '../../kernel/sealed.ts';
import { createAccount } from '../../store/accounts.ts';
import type { EventWrite } from '../../store/event.ts';
import { createExports } from '../exports.ts';
import type { ExportOptions } from '../parts.ts';
import { LocalStage } from '../stage-local.ts';
import type { StageStore } from '../stage-store.ts';
import type { SyncStatus } from '../state.ts';
import type { DataObject, Exports, Selection, Sync, SyncKind } from '../types.ts';

/**
 * A clock that a slow machine cannot push: each look at it is a millisecond, and a retry is due when the test moves it
 * forward. Sleeping is real.
 */
export class MovableClock implements Clock {
  #atMs = Date.now();

  now(): Date {
    this.#atMs += 1;
    return new Date(this.#atMs);
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  forward(ms: number): void {
    this.#atMs += ms;
  }
}

export interface Engine extends AsyncDisposable {
  readonly exports: Exports;
  readonly clock: MovableClock;
  readonly stage: StageStore;
  readonly logged: readonly string[];
}

export interface EngineSetup {
  readonly db: Database;
  readonly destination: AnyDestination;
  readonly clock?: MovableClock;
  readonly stage?: StageStore;
  readonly options?: Partial<ExportOptions>;
  readonly started?: boolean;
}

export async function startEngine(setup: EngineSetup): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-exports-'));
  const clock = setup.clock ?? new MovableClock();
  const stage = setup.stage ?? new LocalStage(join(folder, 'staged'));
  const logged: string[] = [];
  const exports = createExports({
    db: setup.db,
    destinations: { [setup.destination.spec.kind]: setup.destination },
    stage,
    sealingKeys: [sealingKey('a secret for tests')],
    clock,
    log: createLogger('debug', { write: (line) => void logged.push(line) }),
    options: { pollMs: 20, beatMs: 50, leaseMs: 60_000, tempDir: folder, ...setup.options },
  });
  if (setup.started !== false) await exports.start();
  return {
    exports,
    clock,
    stage,
    logged,
    [Symbol.asyncDispose]: async () => {
      await exports.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const everything: Selection = {
  objects: ['profiles', 'events'],
  excludedIntegrations: [],
  metrics: null,
  history: 'all',
};

export async function newAccount(db: Database): Promise<number> {
  return (await createAccount(db, { name: 'Shop' })).id;
}

export function connect(engine: Engine, accountId: number, selection: Partial<Selection> = {}): Promise<unknown> {
  return engine.exports.connections.connect(
    accountId,
    {
      kind: 'memory',
      name: 'Memory',
      settings: { place: 'here', password: 'secret-of-the-customer' },
      selection: { ...everything, ...selection },
    },
    'ola',
  );
}

/** Events of a few people and metrics, one an hour back in time from `newest`. */
export function eventWrites(
  count: number,
  options: { prefix?: string; newest?: Date; metrics?: number } = {},
): EventWrite[] {
  const newest = options.newest ?? new Date('2026-06-01T00:00:00Z');
  const metrics = options.metrics ?? 3;
  return Array.from({ length: count }, (_, i) => ({
    metric: { name: `Metric ${i % metrics}`, integration: i % metrics === 0 ? 'API' : 'Shopify' },
    profile: { email: `p${i % 17}@example.org` },
    datetime: new Date(newest.getTime() - i * 3_600_000),
    uniqueId: `${options.prefix ?? 'u'}${i}`,
    properties: new JsonText(`{"n":${i},"big":9007199254740993,"text":"a\\tb \\" ż"}`),
  }));
}

export async function findSync(engine: Engine, accountId: number, object: DataObject, kind: SyncKind): Promise<Sync> {
  const found = (await engine.exports.syncs.list(accountId)).find(
    (sync) => sync.object === object && sync.kind === kind,
  );
  if (!found) throw new Error(`no ${kind} sync of ${object}`);
  return found;
}

/** Looks again until the condition holds; the test's own time limit is the only clock. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    await systemClock.sleep(10, new AbortController().signal);
  }
}

export function untilStatus(
  engine: Engine,
  accountId: number,
  object: DataObject,
  kind: SyncKind,
  ...statuses: SyncStatus[]
): Promise<Sync> {
  return until(
    () => findSync(engine, accountId, object, kind),
    (sync) => statuses.includes(sync.status),
  );
}

/** Runs a periodic sync over all that changed so far and waits for its end. */
export async function syncOnce(engine: Engine, accountId: number, object: DataObject): Promise<void> {
  const { id } = await findSync(engine, accountId, object, 'periodic');
  const last = await newestRun(engine, accountId, id);
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await until(
    () => newestRun(engine, accountId, id),
    (run) => run !== null && run.id !== last?.id && run.status === 'succeeded',
  );
}

async function newestRun(
  engine: Engine,
  accountId: number,
  syncId: string,
): Promise<{ id: string; status: string } | null> {
  return (await engine.exports.runs.list(accountId, { syncId, size: 1 })).items[0] ?? null;
}

export async function untilHistoryDone(engine: Engine, accountId: number): Promise<void> {
  await until(
    () => engine.exports.syncs.list(accountId),
    (syncs) => syncs.filter((sync) => sync.kind === 'historical').every((sync) => sync.status === 'completed'),
  );
}
