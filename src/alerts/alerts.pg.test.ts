import { expect, test } from 'vitest';
import { warnOfCredentials } from '../exports/credentials.ts';
import {
  connect,
  eventWrites,
  newAccount,
  startEngine,
  until,
  untilHistoryDone,
  untilStatus,
  type Engine,
} from '../exports/testing/engine.ts';
import { MemoryWarehouse } from '../exports/testing/memory-warehouse.ts';
import { AppError, type ErrorCode } from '../kernel/app-error.ts';
import { createLogger } from '../kernel/logger.ts';
import { recordEvents } from '../store/event-writes.ts';
import { alertRig } from './testing/alert-rig.ts';
import type { Delivery, DeliveryStatus } from './types.ts';
import { forgetOldAlerts, look } from './watch.ts';

const on = alertRig();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Shop extends AsyncDisposable {
  readonly engine: Engine;
  readonly accountId: number;
  mend(): void;
}

/** A shop whose warehouse fails with the code for as long as it says. */
async function troubledShop(code: ErrorCode): Promise<Shop> {
  const warehouse = new MemoryWarehouse();
  let broken = true;
  warehouse.on((step) => {
    if (step === 'open' && broken) throw new AppError(code, { externalMessage: 'in words of the vendor' });
  });
  const engine = await startEngine({ db: on().db, destination: warehouse.destination, clock: on().clock });
  const accountId = await newAccount(on().db);
  await recordEvents(on().db, accountId, eventWrites(5));
  return {
    engine,
    accountId,
    mend: () => void (broken = false),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

function untilDelivered(
  accountId: number,
  count: number,
  status: DeliveryStatus = 'delivered',
): Promise<readonly Delivery[]> {
  return until(
    () => on().deliveries(accountId),
    (all) => all.filter((one) => one.status === status).length >= count,
  );
}

async function typesOf(accountId: number): Promise<string[]> {
  const { rows } = await on().db.query<{ type: string }>(
    'select type from alert where account_id = $1 order by at, id',
    [accountId],
  );
  return rows.map(({ type }) => type);
}

test('a sync that gives up is told of once, however many look at once and often; its recovery, too', async () => {
  const { parts, receiver } = on();
  await using shop = await troubledShop('AUTH_INVALID');
  const { engine, accountId, mend } = shop;
  await on().listen(accountId);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'failed');
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 6 }, () => look(parts)));
  const [failed] = await untilDelivered(accountId, 1);
  expect(await typesOf(accountId)).toEqual(['sync.failed']);
  const own = receiver.received.filter(({ body }) => body.includes(id));
  expect(own).toHaveLength(1);
  expect(own[0]?.headers['webhook-id']).toBe(failed?.alertId);
  expect(JSON.parse(own[0]?.body ?? '')).toMatchObject({
    type: 'sync.failed',
    data: {
      id: failed?.alertId,
      connection: { name: 'Memory', kind: 'memory' },
      sync: { id, object: 'events', kind: 'historical' },
      error: { code: 'AUTH_INVALID', externalMessage: 'in words of the vendor' },
      url: expect.stringMatching(/^https:\/\/wharf\.example\/a\/\w{6}\/syncing\//),
    },
  });

  mend();
  await engine.exports.syncs.reEnable(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 6 }, () => look(parts)));
  await untilDelivered(accountId, 2);
  expect(await typesOf(accountId)).toEqual(['sync.failed', 'sync.recovered']);
});

test('each failure is an occurrence of its own, and one recovery ends them', async () => {
  const { parts } = on();
  await using shop = await troubledShop('AUTH_INVALID');
  const { engine, accountId, mend } = shop;
  await on().listen(accountId);
  await connect(engine, accountId, { objects: ['events'] });
  for (let attempt = 0; attempt < 2; attempt++) {
    const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'failed');
    await look(parts);
    if (attempt === 1) mend();
    await engine.exports.syncs.reEnable(accountId, id, 'ola');
    await untilStatus(engine, accountId, 'events', 'historical', attempt === 1 ? 'completed' : 'failed');
  }
  await look(parts);
  await look(parts);
  expect(await typesOf(accountId)).toEqual(['sync.failed', 'sync.failed', 'sync.recovered']);
});

test('short trouble is nobody’s business; trouble of an hour is told of once, and so is its end', async () => {
  const { parts, clock } = on();
  await using shop = await troubledShop('SUSPENDED');
  const { engine, accountId, mend } = shop;
  await on().listen(accountId);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'error');
  await look(parts);
  expect(await typesOf(accountId)).toEqual([]);
  clock.forward(hourMs + 60_000);
  const later = clock.now();
  // the next attempt has failed, too
  await until(
    async () => (await engine.exports.errors.list(accountId, { syncId: id, size: 1 })).items[0],
    (error) => error !== undefined && error.lastAt > later,
  );
  await untilStatus(engine, accountId, 'events', 'historical', 'error');
  for (let round = 0; round < 3; round++) await Promise.all([look(parts), look(parts)]);
  expect(await typesOf(accountId)).toEqual(['sync.error']);
  mend();
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  await look(parts);
  await look(parts);
  expect(await typesOf(accountId)).toEqual(['sync.error', 'sync.recovered']);
});

test('short trouble that ends by itself is never told of', async () => {
  await using shop = await troubledShop('NETWORK_UNREACHABLE');
  const { engine, accountId, mend } = shop;
  await on().listen(accountId);
  await connect(engine, accountId, { objects: ['events'] });
  const { id } = await untilStatus(engine, accountId, 'events', 'historical', 'error');
  mend();
  await engine.exports.syncs.syncNow(accountId, id, 'ola');
  await untilHistoryDone(engine, accountId);
  await look(on().parts);
  expect(await typesOf(accountId)).toEqual([]);
});

test('credentials: each of the warnings in the timeline', async () => {
  const { parts, clock, db } = on();
  await using engine = await startEngine({ db, destination: new MemoryWarehouse().destination, clock, started: false });
  const accountId = await newAccount(db);
  await on().listen(accountId);
  const end = new Date(clock.now().getTime() + 2 * dayMs);
  const settings = { place: 'here', password: `until ${end.toISOString()}` };
  const selection = { objects: ['events'], excludedIntegrations: [], metrics: null, history: 'all' } as const;
  await engine.exports.connections.connect(accountId, { kind: 'memory', name: 'Memory', settings, selection }, 'ola');
  await warnOfCredentials(db, createLogger('silent'), clock.now());
  await look(parts);
  await look(parts);
  expect(await typesOf(accountId)).toEqual(['credentials.expire_soon']);
  clock.forward(2 * dayMs);
  await warnOfCredentials(db, createLogger('silent'), clock.now());
  await look(parts);
  expect(await typesOf(accountId)).toEqual(['credentials.expire_soon', 'credentials.expired']);
});

async function importEnded(accountId: number, id: string, status: string, skipped: number): Promise<void> {
  await on().db.query(
    `insert into import (account_id, id, upload_id, object, file_name, bytes, source, imported_by, may_consent, status,
                         created_at, ended_at, touched_at, skipped_rows, trouble)
     values ($1, $2, $2, 'profiles', $3, 10, 'api', 'ola', false, $4, $5, $5, $5, $6, '{"message": "Not a CSV.", "advice": "Mend it."}')`,
    [accountId, id, `${id}.csv`, status, on().clock.now(), skipped],
  );
}

test('imports: failed, or rows skipped; not what somebody cancelled, and not what went well', async () => {
  const accountId = await newAccount(on().db);
  await on().listen(accountId);
  await importEnded(accountId, 'failed', 'failed', 0);
  await importEnded(accountId, 'skipped', 'incomplete', 3);
  await importEnded(accountId, 'cancelled', 'incomplete', 0);
  await importEnded(accountId, 'fine', 'completed', 0);
  await look(on().parts);
  await look(on().parts);
  expect(await typesOf(accountId)).toEqual(['import.failed', 'import.incomplete']);
  const told = await untilDelivered(accountId, 2);
  const skipped = told.find(({ type }) => type === 'import.incomplete');
  expect(skipped?.facts.import).toMatchObject({ fileName: 'skipped.csv', skippedRows: 3, message: 'Not a CSV.' });
});

test('an address hears of its topics, and of nothing that was before it', async () => {
  const accountId = await newAccount(on().db);
  const other = await on().listen(accountId, ['recovered']);
  await importEnded(accountId, 'before', 'failed', 0);
  const wanted = await on().listen(accountId, ['imports']);
  await importEnded(accountId, 'after', 'failed', 0);
  await look(on().parts);
  const told = await untilDelivered(accountId, 1);
  expect(told.map(({ addressId, facts }) => [addressId, facts.import?.id])).toEqual([[wanted, 'after']]);
  expect(other).not.toBe(wanted);
});

test('a receiver that is down is tried again with the same id until it answers', async () => {
  const { clock, parts, receiver } = on();
  const accountId = await newAccount(on().db);
  await on().listen(accountId);
  const failures: string[] = [];
  receiver.answer((response, { headers, body }) => {
    const isOurs = body.includes('down.csv');
    if (isOurs) failures.push(String(headers['webhook-id']));
    response.writeHead(isOurs && failures.length < 3 ? 503 : 204).end();
  });
  await importEnded(accountId, 'down', 'failed', 0);
  for (let attempt = 1; attempt < 3; attempt++) {
    await look(parts);
    const [waiting] = await until(
      () => on().deliveries(accountId),
      ([one]) => one?.attempts === attempt,
    );
    expect(waiting).toMatchObject({ status: 'pending', answer: '503' });
    expect(waiting?.nextAttemptAt?.getTime()).toBeGreaterThan(clock.now().getTime() - 1_000);
    await look(parts);
    clock.forward(attempt * 5 * 60_000);
  }
  await look(parts);
  const [done] = await untilDelivered(accountId, 1);
  expect(done).toMatchObject({ attempts: 3, nextAttemptAt: null, answer: '204' });
  expect(new Set(failures).size).toBe(1);
  receiver.answer((response) => void response.writeHead(204).end());
});

test('who answers 410 is not asked again, and one who never answers is given up in the end', async () => {
  const { clock, parts, receiver } = on();
  const accountId = await newAccount(on().db);
  await on().listen(accountId);
  receiver.answer((response, { body }) => void response.writeHead(body.includes('gone.csv') ? 410 : 500).end('no'));
  await importEnded(accountId, 'gone', 'failed', 0);
  await look(parts);
  expect(await untilDelivered(accountId, 1, 'refused')).toMatchObject([{ attempts: 1, answer: '410 no' }]);
  await importEnded(accountId, 'never', 'failed', 0);
  for (let attempt = 1; attempt <= 8; attempt++) {
    await look(parts);
    await until(
      () => on().deliveries(accountId),
      ([one]) => one?.attempts === attempt,
    );
    clock.forward(11 * hourMs);
  }
  expect((await untilDelivered(accountId, 2, 'refused'))[0]).toMatchObject({ attempts: 8, answer: '500 no' });
  receiver.answer((response) => void response.writeHead(204).end());
});

test('a job that was lost is made again', async () => {
  const { clock, parts, db } = on();
  const accountId = await newAccount(db);
  const addressId = await on().listen(accountId);
  await db.query(
    `with made as (insert into alert (account_id, id, type, dedupe_key, at, facts) values ($1, 'lost', 'test', 'lost', $3, '{}'))
     insert into alert_delivery (account_id, alert_id, address_id, status, next_at) values ($1, 'lost', $2, 'pending', $4)`,
    [accountId, addressId, clock.now(), new Date(clock.now().getTime() + 15 * 60_000)],
  );
  await look(parts);
  expect(await on().deliveries(accountId)).toMatchObject([{ status: 'pending', attempts: 0 }]);
  clock.forward(16 * 60_000);
  await look(parts);
  expect(await untilDelivered(accountId, 1)).toMatchObject([{ attempts: 1 }]);
});

test('old alerts are forgotten; what is removed gets nothing any more', async () => {
  const { clock, parts, alerts } = on();
  const accountId = await newAccount(on().db);
  const addressId = await on().listen(accountId);
  await alerts.sendTest(accountId, addressId);
  await untilDelivered(accountId, 1);
  clock.forward(91 * dayMs);
  await forgetOldAlerts(parts);
  expect(await on().deliveries(accountId)).toEqual([]);
  await alerts.removeAddress(accountId, addressId);
  await importEnded(accountId, 'later', 'failed', 0);
  await look(parts);
  expect(await typesOf(accountId)).toEqual([]);
});

test('the loop looks by itself until it is stopped', async () => {
  const { alerts } = on();
  const accountId = await newAccount(on().db);
  await on().listen(accountId);
  await alerts.start();
  await importEnded(accountId, 'by-itself', 'failed', 0);
  await untilDelivered(accountId, 1);
  await alerts.stop();
});
