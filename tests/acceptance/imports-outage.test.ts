/** PostgreSQL lost in the middle of an import: the running service goes on by itself where it was. */
import { expect, test } from 'vitest';
import { closeGate } from './imports/gate.ts';
import {
  eachWithImporting,
  eventFile,
  expectEvents,
  expectProfiles,
  importOf,
  profileFile,
  rows,
  upload,
} from './imports/long-import.ts';

const importing = eachWithImporting();

/** A job whose worker lost its database is noticed after ten seconds and more. */
const patience = { timeout: 180_000 };
const isOver = async (id: string): Promise<boolean> =>
  !['checking', 'in_progress'].includes((await importOf(importing(), id)).status);

/** Crashes the database while a batch of the file is about to be committed, and waits for the import's end. */
async function crashInTheMiddle(object: 'profiles' | 'events', file: Iterable<string>): Promise<string> {
  const { cluster, database, service } = importing();
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
  await expectProfiles(importing(), await crashInTheMiddle('profiles', profileFile()));
});

test('events: none is lost and none is there twice', patience, async () => {
  await expectEvents(importing(), await crashInTheMiddle('events', eventFile()));
});
