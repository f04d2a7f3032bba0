/*
 * `ingest`: events per second through the bulk endpoint of the real service, 8 connections, 1,000 events of about 600 bytes a
 * request, 10,000 people. Limit: COPY of as many rows into the same table with its indexes, no HTTP, no identity, no dedupe.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { eachOf, post, type ShopApi } from '../examples/demo/api.ts';
import { createAccount } from '../src/store/accounts.ts';
import { createApiKey } from '../src/store/api-keys.ts';
import { createRig, round, seconds, type BenchResult, type Rig } from './rig.ts';
import { startService } from './service.ts';

const requests = 300;
const perRequest = 1000;
const people = 10_000;
const note = 'lorem ipsum dolor '.repeat(11);

export async function run(): Promise<BenchResult> {
  await using rig = await createRig();
  await using service = await startService(rig);
  const { key } = await createApiKey(rig.database, rig.accountId, 'bench');
  const api: ShopApi = { url: service.url, key };
  // the first requests make the people and warm the code; they are not counted
  await eachOf(bodies(0, 20), 8, (body) => post(api, '/api/event-bulk-create-jobs', body));

  const measured = bodies(20, requests);
  const took = await seconds(() => eachOf(measured, 8, (body) => post(api, '/api/event-bulk-create-jobs', body)));
  const { rows } = await rig.database.query<{ n: number }>('select count(*) as n from event where account_id = $1', [
    rig.accountId,
  ]);
  const expected = (requests + 20) * perRequest;
  if (rows[0]?.n !== expected) throw new Error(`${rows[0]?.n} events are in the store, ${expected} were sent`);

  const value = (requests * perRequest) / took;
  const limit = (requests * perRequest) / (await bareCopy(rig));
  return {
    bench: 'ingest',
    value: Math.round(value),
    unit: 'events/s',
    limit: Math.round(limit),
    ratio: round(value / limit),
    rss_mb: await service.peakRssMb(),
    events: requests * perRequest,
    body_kb: Math.round((measured[0]?.length ?? 0) / 1000),
  };
}

/** Bodies of the requests `from` ... `from + count`; each event has its own unique id and a time of its own. */
function bodies(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const events = Array.from({ length: perRequest }, (_, j) => eventBody((from + i) * perRequest + j));
    return `{"data":{"type":"event-bulk-create-job","attributes":{"events-bulk-create":{"data":[${events.join(',')}]}}}}`;
  });
}

function eventBody(n: number): string {
  const person = (n * 7919) % people;
  const time = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  return (
    `{"type":"event-bulk-create","attributes":{"profile":{"data":{"type":"profile","attributes":{"email":"p${person}@shop.example"}}},` +
    `"events":{"data":[{"type":"event","attributes":{"metric":{"data":{"type":"metric","attributes":{"name":"Metric ${n % 20}"}}},` +
    `"time":"${time}","value":${(n % 50_000) / 100},"value_currency":"USD","unique_id":"u${n}",` +
    `"properties":{"OrderId":"${n}","Items":["Compact Disc","Gift Card"],"ItemCount":2,"Source Name":"web","note":"${note}"}}}]}}}`
  );
}

/** Seconds that COPY takes for as many rows of another account into the same table. */
async function bareCopy(rig: Rig): Promise<number> {
  const other = await createAccount(rig.database, { name: 'Limit' });
  const client = await rig.database.connect('bench');
  try {
    const columns =
      'account_id, change_number, datetime, received_at, id, profile_id, metric_id, unique_id, properties';
    const lines = Array.from({ length: requests * perRequest }, (_, n) => copyLine(other.id, n));
    return await seconds(async () => {
      const copy = client.query(copyFrom(`copy event (${columns}) from stdin`));
      await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: 1 << 20 }), copy);
    });
  } finally {
    await client.end();
  }
}

function copyLine(accountId: number, n: number): string {
  const time = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  const properties = `{"OrderId":"${n}","Items":["Compact Disc","Gift Card"],"ItemCount":2,"Source Name":"web","note":"${note}","$value":${n % 500},"$event_id":"u${n}"}`;
  const person = `P${String((n * 7919) % people).padStart(25, '0')}`;
  return [accountId, n + 1, time, time, randomUUID(), person, `M${n % 20}`, `u${n}`, `${properties}\n`].join('\t');
}
