/** Holds an import up in the middle of a batch, so that what is broken then is broken there on every machine, however fast. */
import pg from 'pg';
import { expect } from 'vitest';

const lock = 4711;

export interface Gate extends AsyncDisposable {
  /** Resolves when an import waits at it, in the transaction of a batch. */
  waitedAt(): Promise<void>;
  /** Lets imports pass from now on. Idempotent, also when the database has gone. */
  open(): Promise<void>;
}

/** No batch that ends after `row` is committed before the gate is opened; a crash of the database opens it as well. */
export async function closeGate(url: string, row: number): Promise<Gate> {
  const holder = new pg.Client(url);
  const gone = new Promise<void>((done) => holder.once('end', () => done()));
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query(`
    select pg_advisory_lock(${lock});
    create or replace function wait_at_gate() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock_shared(${lock}); return new; end';
    create or replace trigger gate before update of next_row on import
      for each row when (new.next_row > ${row}) execute function wait_at_gate()`);
  const open = async (): Promise<void> => {
    await holder.end();
    await gone;
  };
  return {
    async waitedAt() {
      const waiting = async (): Promise<number> => {
        const { rows } = await holder.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`);
        return rows.length;
      };
      await expect.poll(waiting, { timeout: 60_000 }).toBe(1);
    },
    open,
    [Symbol.asyncDispose]: open,
  };
}
