/** The loops of one process: one that starts due syncs and plans their runs, and some that work on chunks. */
import type { Clock } from '../kernel/clock.ts';
import type { Service } from '../kernel/service.ts';
import { workOnChunk } from './chunk-work.ts';
import { claimChunk, releaseChunk, renewLeases, type ClaimedChunk } from './claim.ts';
import { warnOfCredentials } from './credentials.ts';
import type { ExportsDeps, WorkerOptions } from './parts.ts';
import { planRun, unplannedRuns } from './plan.ts';
import { startDueSyncs } from './schedule.ts';
import { sweepScratch, sweepStage } from './sweep.ts';
import { tidy } from './tidy.ts';
import { WorkerIdentity } from './worker-identity.ts';

type Deps = Pick<ExportsDeps, 'db' | 'destinations' | 'stage' | 'sealingKeys' | 'clock' | 'log'> & {
  readonly options: WorkerOptions;
};

const troubleMs = 1_000;
const stopGraceMs = 10_000;

interface Chore {
  readonly everyMs: number;
  doneAt: number;
  run(now: Date): Promise<unknown>;
}

export class ExportWorker implements Service {
  readonly #deps: Deps;
  /** Chunks that may be in hand per destination, by kind: one more than may load, so that the next is staged meanwhile. */
  readonly #limits: ReadonlyMap<string, number>;
  readonly #inHand = new Map<ClaimedChunk, AbortController>();
  #stopping = new AbortController();
  #abandoning = new AbortController();
  #running: Promise<unknown> | null = null;
  #wake: Wake;
  #identity: Promise<WorkerIdentity> | null = null;
  /** What any one process does now and then, besides syncs. */
  readonly #chores: readonly Chore[] = [
    { everyMs: 3_600_000, doneAt: 0, run: (now) => this.#sweep(now) },
    { everyMs: 86_400_000, doneAt: 0, run: (now) => this.#tidy(now) },
    { everyMs: 600_000, doneAt: 0, run: (now) => warnOfCredentials(this.#deps.db, this.#deps.log, now) },
  ];

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#wake = new Wake(deps.clock);
    this.#limits = new Map(
      Object.entries(deps.destinations).map(([kind, { spec }]) => [kind, spec.limits.parallelLoads + 1]),
    );
  }

  async start(): Promise<void> {
    if (this.#running || this.#deps.options.slots === 0) return;
    this.#stopping = new AbortController();
    this.#abandoning = new AbortController();
    const slots = Array.from({ length: this.#deps.options.slots }, () => this.#loop(() => this.#workOnce()));
    this.#running = Promise.all([
      ...slots,
      this.#loop(() => this.#conductOnce()),
      this.#loop(() => this.#beat(), this.#deps.options.beatMs),
    ]);
  }

  /** Chunks in hand may end within a grace time; what is left is aborted, and taken up by another worker or the next start. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#stopping.abort(new Error('the worker stops'));
    const grace = setTimeout(() => this.#abandoning.abort(new Error('the worker stops')), stopGraceMs);
    await this.#running;
    clearTimeout(grace);
    this.#running = null;
    const identity = await this.#identity?.catch(() => null);
    this.#identity = null;
    await identity?.release();
  }

  /** Something may be due: do not wait for the next poll. */
  wake(): void {
    this.#wake.now();
  }

  /** Repeats until stop. `step` says whether it did something; after nothing, or a failure of the store, it waits. */
  async #loop(step: () => Promise<boolean>, idleMs = this.#deps.options.pollMs): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const busy = await step().catch((error: unknown) => this.#inTrouble(error));
      if (!busy) await this.#wake.orAfter(idleMs, signal);
    }
  }

  /** PostgreSQL may be restarting; every loop just tries again. */
  async #inTrouble(error: unknown): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false;
    this.#deps.log.error({ err: error }, 'export.loop.trouble');
    await this.#wake.orAfter(troubleMs, this.#stopping.signal);
    return false;
  }

  async #conductOnce(): Promise<boolean> {
    const { db, clock, destinations, log } = this.#deps;
    const started = await startDueSyncs(db, clock.now());
    const runs = await unplannedRuns(db);
    for (const run of runs) {
      const rowsPerChunk = destinations[run.destinationKind]?.spec.limits.rowsPerBatch ?? 500_000;
      // one account's run that cannot be planned holds nobody else's up
      await planRun(db, run, rowsPerChunk, clock.now()).catch((error: unknown) =>
        log.error({ err: error, account: run.accountId, run: run.id }, 'export.plan.failed'),
      );
    }
    if (started + runs.length > 0) this.#wake.now();
    await this.#doChores();
    return false;
  }

  async #doChores(): Promise<void> {
    const now = this.#deps.clock.now();
    for (const chore of this.#chores) {
      if (now.getTime() - chore.doneAt < chore.everyMs) continue;
      chore.doneAt = now.getTime();
      await chore.run(now);
    }
  }

  async #sweep(now: Date): Promise<void> {
    const { db, stage, options } = this.#deps;
    await sweepStage(db, stage, now);
    await sweepScratch(options.tempDir, now);
  }

  async #tidy(now: Date): Promise<void> {
    const rows = await tidy(this.#deps.db, now);
    if (rows > 0) this.#deps.log.info({ rows }, 'export.history.forgotten');
  }

  async #workOnce(): Promise<boolean> {
    const { db, options } = this.#deps;
    const identity = await this.#currentIdentity();
    const chunk = await claimChunk(db, identity.key, options.leaseMs, this.#limits);
    if (!chunk) return false;
    const lease = new AbortController();
    this.#inHand.set(chunk, lease);
    const signal = AbortSignal.any([lease.signal, identity.lost, this.#abandoning.signal]);
    try {
      await workOnChunk({ ...this.#deps, tempDir: options.tempDir }, chunk, signal);
    } finally {
      this.#inHand.delete(chunk);
      if (signal.aborted) await releaseChunk(db, chunk).catch(() => undefined);
    }
    this.#wake.now();
    return true;
  }

  /** A lost lock is replaced by a new one: the old chunks are free for all, this worker included. */
  async #currentIdentity(): Promise<WorkerIdentity> {
    const known = this.#identity;
    const present = await known?.catch(() => null);
    if (present && !present.lost.aborted) return present;
    // several loops may find out at once: the first one replaces it, the others take its replacement
    if (this.#identity === known) this.#identity = WorkerIdentity.take(this.#deps.db);
    return this.#identity ?? this.#currentIdentity();
  }

  async #beat(): Promise<boolean> {
    if (this.#inHand.size === 0) return false;
    const identity = await this.#currentIdentity();
    const chunks = [...this.#inHand.keys()];
    const held = await renewLeases(this.#deps.db, identity.key, this.#deps.options.leaseMs, chunks);
    for (const chunk of chunks) {
      if (!held.has(chunk.id)) this.#inHand.get(chunk)?.abort(new Error('the lease was lost'));
    }
    return false;
  }
}

/** Lets idle loops wait for a time or for news, whichever comes first. */
class Wake {
  readonly #clock: Clock;
  #news = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): void {
    this.#news.abort();
    this.#news = new AbortController();
  }

  async orAfter(ms: number, stop: AbortSignal): Promise<void> {
    await this.#clock.sleep(ms, AbortSignal.any([stop, this.#news.signal])).catch(() => undefined);
  }
}
