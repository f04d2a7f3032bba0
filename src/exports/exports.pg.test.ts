import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { recordEvents } from '../store/event-writes.ts';
import { deleteProfiles } from '../store/profile-writes.ts';
import { connect, eventWrites, newAccount, startEngine, syncOnce, untilHistoryDone } from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const database = testDatabase();

test('history comes first, then changes, then deletions; every run is reconciled', async () => {
  const warehouse = new MemoryWarehouse({ rowsPerBatch: 10 });
  await using engine = await startEngine({ db: database(), destination: warehouse.destination });
  const accountId = await newAccount(database());
  await recordEvents(database(), accountId, eventWrites(55));
  await connect(engine, accountId);
  await untilHistoryDone(engine, accountId);
  expect(warehouse.rows('klaviyo_event')).toHaveLength(55);
  expect(warehouse.rows('klaviyo_profile')).toHaveLength(17);
  expect(warehouse.rows('klaviyo_metric')).toHaveLength(3);

  await recordEvents(
    database(),
    accountId,
    eventWrites(5, { prefix: 'late', newest: new Date('2026-07-01T00:00:00Z') }),
  );
  await syncOnce(engine, accountId, 'events');
  await syncOnce(engine, accountId, 'profiles');
  expect(warehouse.rows('klaviyo_event')).toHaveLength(60);

  await deleteProfiles(database(), accountId, { email: 'p1@example.org' });
  await syncOnce(engine, accountId, 'events');
  await syncOnce(engine, accountId, 'profiles');
  expect(warehouse.rows('klaviyo_profile')).toHaveLength(16);
  const { rows } = await database().query<{ id: string }>('select id::text from event where account_id = $1', [
    accountId,
  ]);
  expect(warehouse.rows('klaviyo_event').map((row) => row.id)).toEqual(rows.map((row) => row.id).sort());

  const { items } = await engine.exports.runs.list(accountId, { size: 100 });
  for (const item of items) {
    const run = await engine.exports.runs.get(accountId, item.id);
    expect(run).toMatchObject({ status: 'succeeded', progress: 100 });
    for (const table of run.tables) {
      expect(table).toMatchObject({ staged: table.source, loaded: table.source, chunksLoaded: table.chunks });
    }
  }
});
