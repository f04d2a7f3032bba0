/**
 * A destination in this process's memory that keeps every promise of the boundary, and can be told to fail at each step.
 * It proves nothing about any vendor; the engine's tests use it to reach moments that a real engine passes too fast.
 */
import { createGunzip } from 'node:zlib';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type {
  AnyDestination,
  CheckStep,
  Receipt,
  Session,
  StagedBatch,
  TableName,
} from '../../destinations/destination.ts';
import { sealDestination } from '../../destinations/seal.ts';
import { AppError } from '../../kernel/app-error.ts';

export type Step = 'open' | 'load' | 'read' | 'apply' | 'answer';

export interface StoredRow {
  readonly id: string;
  readonly changeNumber: number;
  readonly deleted: boolean;
  /** The whole line as it was staged. */
  readonly columns: Readonly<Record<string, unknown>>;
}

type Hook = (step: Step, batch: StagedBatch | null, signal: AbortSignal) => Promise<void> | void;

export interface MemoryOptions {
  readonly parallelLoads?: number;
  readonly rowsPerBatch?: number;
}

export class MemoryWarehouse {
  /** Tombstones included, so that an older batch cannot bring a deleted row back. */
  readonly tables: Readonly<Record<TableName, Map<string, StoredRow>>> = {
    klaviyo_profile: new Map(),
    klaviyo_event: new Map(),
    klaviyo_metric: new Map(),
  };
  /** Loaded rows by batch id. */
  readonly ledger = new Map<string, number>();
  readonly fences = new Map<string, number>();
  /** Batches that were given with no rows. */
  greetings = 0;
  /** Loads that are under way, and the most there ever were. */
  loading = 0;
  mostLoading = 0;
  readonly sessions = { opened: 0, closed: 0 };
  readonly destination: AnyDestination;
  #hook: Hook = () => undefined;

  constructor(options: MemoryOptions = {}) {
    this.destination = sealDestination({
      spec: {
        kind: 'memory',
        label: 'Memory',
        fields: [
          { name: 'place', label: 'Place', help: '', required: true, secret: false, input: 'line', place: 'inside' },
          { name: 'host', label: 'Host', help: '', required: false, secret: false, input: 'line', place: 'server' },
          { name: 'note', label: 'Note', help: '', required: false, secret: false, input: 'line' },
          { name: 'password', label: 'Password', help: '', required: true, secret: true, input: 'line' },
        ],
        settings: z.object({
          place: z.string().trim().min(1),
          host: z.string().trim().default('memory.example'),
          note: z.string().default(''),
          password: z.string().min(1),
        }),
        limits: { parallelLoads: options.parallelLoads ?? 2, rowsPerBatch: options.rowsPerBatch ?? 1000 },
      },
      setup: (settings) => ({ language: 'text', text: `place ${settings.place ?? '<place>'}`, instructions: [] }),
      stagedFormat: () => 'json-lines',
      credentialsExpire: ({ password }) => expiryIn(password),
      open: async (settings) => {
        await this.#hook('open', null, new AbortController().signal);
        if (settings.password === 'wrong') throw new AppError('AUTH_INVALID', { externalMessage: 'wrong password' });
        this.sessions.opened++;
        return this.#session();
      },
    });
  }

  /** Called before each step of a load; what it throws is the warehouse's answer. `answer` comes after the commit. */
  on(hook: Hook): void {
    this.#hook = hook;
  }

  /** Rows that are not deleted, by id. */
  rows(table: TableName): StoredRow[] {
    return [...this.tables[table].values()].filter((row) => !row.deleted).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #session(): Session {
    return {
      check: () => check(),
      load: async (batch, signal) => {
        this.loading++;
        this.mostLoading = Math.max(this.mostLoading, this.loading);
        try {
          return await this.#load(batch, signal);
        } finally {
          this.loading--;
        }
      },
      [Symbol.asyncDispose]: async () => void this.sessions.closed++,
    };
  }

  async #load(batch: StagedBatch, signal: AbortSignal): Promise<Receipt> {
    await this.#hook('load', batch, signal);
    this.#checkFence(batch);
    const known = this.ledger.get(batch.id);
    if (known !== undefined) return { loaded: known, applied: null, alreadyLoaded: true };
    await this.#hook('read', batch, signal);
    const rows = await readRows(batch, signal);
    if (rows.length !== batch.rows) throw new AppError('COUNT_MISMATCH', { details: { read: rows.length } });
    await this.#hook('apply', batch, signal);
    signal.throwIfAborted();
    // from here to the ledger nothing waits: one transaction
    this.#checkFence(batch);
    if (rows.length === 0) this.greetings++;
    const table = this.tables[batch.table.name];
    for (const row of rows) {
      const present = table.get(row.id);
      if (!present || present.changeNumber < row.changeNumber) table.set(row.id, row);
    }
    this.ledger.set(batch.id, rows.length);
    await this.#hook('answer', batch, signal);
    return { loaded: rows.length, applied: null, alreadyLoaded: false };
  }

  #checkFence(batch: StagedBatch): void {
    const seen = this.fences.get(batch.id) ?? 0;
    if (batch.fence < seen) throw new AppError('FENCED', { details: { seen, fence: batch.fence } });
    this.fences.set(batch.id, batch.fence);
  }
}

/** A password may tell its end: `until 2026-12-01T00:00:00Z`. */
function expiryIn(password: string): Date | null {
  const end = /^until (\S+)$/.exec(password)?.[1];
  return end === undefined ? null : new Date(end);
}

async function* check(): AsyncGenerator<CheckStep> {
  yield { id: 'reach', label: 'The place can be reached', outcome: 'passed' };
}

async function readRows(batch: StagedBatch, signal: AbortSignal): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for (const file of batch.files) {
    const text = (await file.open(signal)).pipe(createGunzip());
    for await (const line of createInterface({ input: text })) rows.push(storedRow(line));
  }
  return rows;
}

function storedRow(line: string): StoredRow {
  const columns = JSON.parse(line) as Record<string, unknown>;
  const { id, _change_number: changeNumber, _deleted: deleted } = columns;
  if (typeof id !== 'string' || typeof changeNumber !== 'number' || typeof deleted !== 'boolean') {
    throw new AppError('DATA_INVALID', { details: { line: line.slice(0, 200) } });
  }
  return { id, changeNumber, deleted, columns };
}
