import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { recordEvents } from '../store/event-writes.ts';
import { LocalStage } from './stage-local.ts';
import { sweepStage } from './sweep.ts';
import { connect, eventWrites, findSync, newAccount, startEngine, until, untilHistoryDone } from './testing/engine.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const database = testDatabase();
const { signal } = new AbortController();

test('the sweep takes what no open batch names, and only after its grace time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-sweep-'));
  try {
    const stage = new LocalStage(folder);
    const warehouse = new MemoryWarehouse({ parallelLoads: 1 });
    const gate = Promise.withResolvers<void>();
    warehouse.on((step) => (step === 'load' ? gate.promise : undefined));
    await using engine = await startEngine({ db: database(), destination: warehouse.destination, stage });
    const accountId = await newAccount(database());
    await recordEvents(database(), accountId, eventWrites(10));
    await connect(engine, accountId, { objects: ['events'] });
    await until(
      async () => database().query(`select 1 from chunk where account_id = $1 and state = 'staged'`, [accountId]),
      ({ count }) => count === 2,
    );
    await stage.write('left-by-a-killed-worker', Readable.from([Buffer.from('bytes')]), signal);
    expect(await sweepStage(database(), stage, new Date())).toBe(0);
    await sweepStage(database(), stage, new Date(Date.now() + 24 * 3_600_000));
    gate.resolve();
    await untilHistoryDone(engine, accountId);
    const historical = await findSync(engine, accountId, 'events', 'historical');
    expect(historical).toMatchObject({ status: 'completed', activeErrors: 0 });
    expect((await engine.exports.errors.list(accountId, { size: 1 })).items).toEqual([]);
    const left: string[] = [];
    for await (const name of stage.list(new Date(Date.now() + 60_000))) left.push(name);
    expect(left).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
