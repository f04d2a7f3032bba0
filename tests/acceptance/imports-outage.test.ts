/** PostgreSQL lost in the middle of an import: the running service goes on by itself where it was. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeGate } from './imports/gate.ts';
import {
  eventFile,
  importOf,
  isBad,
  isRepeated,
  profileFile,
  rows,
  startImporting,
  upload,
  type Importing,
} from './imports/long-import.ts';

let importing: Importing;
// a database is made anew, which takes its time where much else runs
beforeEach(async () => void (importing = await startImporting()), 180_000);
afterEach(() => importing[Symbol.asyncDispose]());

/** A job whose worker lost its database is noticed after ten seconds and more. */
const patience = { timeout: 180_000 };
const isOver = async (id: string): Promise<boolean> =>
  !['checking', 'in_progress'].includes((await importOf(importing, id)).status);

/** Crashes the database while a batch of the file is about to be committed, and waits for the import's end. */
async function crashInTheMiddle(object: 'profiles' | 'events', file: Iterable<string>): Promise<string> {
  const { cluster, database, service } = importing;
  const shop = await service.openShop();
  await using gate = await closeGate(cluster.url, rows / 2);
  const id = await upload(shop, object, file);
  await gate.waitedAt();
  const { rows: before } = await database.query<{ next: number }>('select next_row as next from import');
  expect(before[0]?.next).toBeLessThanOrEqual(rows / 2);
  await cluster.crash();
  await expect.poll(() => isOver(id), { timeout: 150_000, interval: 500 }).toBe(true);
  expect(service.running).toBe(true);
  return id;
}

test('profiles: the import ends complete, every row accounted for once', patience, async () => {
  const id = await crashInTheMiddle('profiles', profileFile());
  const good = Array.from({ length: rows }, (_, n) => n).filter((n) => !isBad(n) && !isRepeated(n));
  expect(await importOf(importing, id)).toMatchObject({
    status: 'incomplete',
    rows: { created: good.length, updated: 0, unchanged: 0, skipped: rows - good.length },
  });
  const { rows: stored } = await importing.database.query<{ number: number }>(
    `select (properties::json ->> 'Number')::integer as number from profile order by 1`,
  );
  expect(stored.map(({ number }) => number)).toEqual(good);
});

test('events: none is lost and none is there twice', patience, async () => {
  const id = await crashInTheMiddle('events', eventFile());
  expect(await importOf(importing, id)).toMatchObject({
    status: 'completed',
    rows: { created: rows, unchanged: 0, skipped: 0 },
  });
  const { rows: stored } = await importing.database.query<{ n: number; different: number }>(
    'select count(*) as n, count(distinct unique_id) as different from event',
  );
  expect(stored).toEqual([{ n: rows, different: rows }]);
});
