import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../db/database.ts';
import { testDatabase } from '../db/testing/test-database.ts';
import { createAccount } from './accounts.ts';
import { currentNumber, withAccountWrite } from './change-numbers.ts';

/** How many interleavings of writers and reader are tried in all. */
const interleavings = Number(process.env['WHARF_INTERLEAVINGS'] ?? 1000);
const parallel = 8;
/** Enough for all writers and readers at once, so that writers wait for the lock and not for a connection. */
const connections = 60;

const plain = testDatabase();
let wide: Database;
const database = (): Database => wide;

beforeAll(() => {
  wide = new Database(plain().url, { maxConnections: connections });
});
afterAll(() => wide[Symbol.asyncDispose]());

test('the numbers of one transaction follow those of the one before', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const taken = await withAccountWrite(database(), id, async (_tx, numbers) => [
    numbers.last,
    numbers.take(3),
    numbers.take(1),
    numbers.last,
  ]);
  expect(taken).toEqual([0, 1, 4, 4]);
  expect(await currentNumber(database(), id)).toBe(4);
});

test('a transaction that fails gives its numbers back', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const failed = withAccountWrite(database(), id, async (_tx, numbers) => {
    numbers.take(5);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(await currentNumber(database(), id)).toBe(0);
});

test('an unknown account is told', async () => {
  await expect(withAccountWrite(database(), 987_654, async () => 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(currentNumber(database(), 987_654)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a clock that goes back does not date a change before an earlier one', async () => {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const future = new Date(Date.now() + 3_600_000);
  await database().query('update change_counter set last_time = $2 where account_id = $1', [id, future]);
  expect(await withAccountWrite(database(), id, async (_tx, numbers) => numbers.now)).toEqual(future);
});

interface Step {
  readonly keys: readonly number[];
  readonly beforeMs: number;
  readonly holdMs: number;
  readonly fails: boolean;
}

const writer = fc.array(
  fc.record({
    keys: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
    beforeMs: fc.integer({ min: 0, max: 3 }),
    holdMs: fc.integer({ min: 0, max: 4 }),
    fails: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Four writers over a handful of keys; each transaction rewrites some rows, waits, and commits or fails. */
const interleaving = fc.array(writer, { minLength: 4, maxLength: 5 });

test(`a reader of windows sees every committed row exactly once in its final state (${interleavings} interleavings)`, async () => {
  await database().query(
    `create table if not exists sample (account_id bigint, key int, value text, change_number bigint,
       primary key (account_id, key))`,
  );
  const share = Math.ceil(interleavings / parallel);
  await Promise.all(
    Array.from({ length: parallel }, () =>
      fc.assert(fc.asyncProperty(interleaving, checkInterleaving), { numRuns: share, endOnFailure: true }),
    ),
  );
}, 600_000);

async function checkInterleaving(writers: readonly (readonly Step[])[]): Promise<void> {
  const { id } = await createAccount(database(), { name: 'Shop' });
  const committed: { numbers: number[]; rows: Map<number, string> }[] = [];
  const windows: { from: number; to: number; rows: SampleRow[] }[] = [];
  let writing = true;
  const reader = (async () => {
    let from = 0;
    for (let more = true; more;) {
      more = writing;
      const to = await currentNumber(database(), id);
      if (to > from) windows.push({ from, to, rows: await readWindow(id, from, to) });
      from = to;
      await pause(1);
    }
  })();
  await Promise.all(
    writers.map(async (steps, index) => {
      for (const [place, step] of steps.entries()) await write(id, step, `${index}/${place}`, committed);
    }),
  );
  writing = false;
  await reader;
  checkNumbers(committed);
  checkWindows(windows, committed);
}

interface SampleRow {
  readonly key: number;
  readonly value: string;
  readonly change_number: number;
}

async function readWindow(accountId: number, from: number, to: number): Promise<SampleRow[]> {
  const { rows } = await database().query<SampleRow>(
    'select key, value, change_number from sample where account_id = $1 and change_number > $2 and change_number <= $3',
    [accountId, from, to],
  );
  return rows;
}

async function write(
  accountId: number,
  step: Step,
  value: string,
  committed: { numbers: number[]; rows: Map<number, string> }[],
): Promise<void> {
  await pause(step.beforeMs);
  const work = withAccountWrite(database(), accountId, async (tx, numbers) => {
    const first = numbers.take(step.keys.length);
    for (const [index, key] of step.keys.entries()) {
      await tx.query(
        `insert into sample (account_id, key, value, change_number) values ($1, $2, $3, $4)
         on conflict (account_id, key) do update set value = excluded.value, change_number = excluded.change_number`,
        [accountId, key, value, first + index],
      );
    }
    await pause(step.holdMs);
    if (step.fails) throw new Error('rolled back');
    return { numbers: step.keys.map((_, index) => first + index), rows: new Map(step.keys.map((key) => [key, value])) };
  });
  const done = await work.catch((error: Error) => {
    if (error.message !== 'rolled back') throw error;
    return null;
  });
  if (done) committed.push(done);
}

/** Gap-free from 1, each number once. */
function checkNumbers(committed: readonly { numbers: number[] }[]): void {
  const numbers = committed.flatMap((one) => one.numbers).sort((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
}

function checkWindows(
  windows: readonly { from: number; to: number; rows: SampleRow[] }[],
  committed: readonly { numbers: number[]; rows: Map<number, string> }[],
): void {
  const inOrder = [...committed].sort((a, b) => (a.numbers[0] ?? 0) - (b.numbers[0] ?? 0));
  const last = inOrder.at(-1)?.numbers.at(-1) ?? 0;
  expect(windows.at(-1)?.to ?? 0).toBe(last);
  const seen = new Map<number, string>();
  for (const { from, to, rows } of windows) {
    // a window shows a row unless a change beyond the window has taken it along; that later window then shows it
    const changes = inOrder.filter((one) => (one.numbers[0] ?? 0) > from && (one.numbers.at(-1) ?? 0) <= to);
    expect(changes.flatMap((one) => one.numbers).length).toBe(to - from);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
    for (const row of rows) seen.set(row.key, row.value);
  }
  const final = new Map(inOrder.flatMap((one) => [...one.rows]));
  expect(seen).toEqual(final);
  // each row is shown in its final state once: by the one window its last number lies in
  const finals = windows.flatMap(({ rows }) => rows.filter((row) => row.value === final.get(row.key)));
  expect(finals.length).toBe(final.size);
}
