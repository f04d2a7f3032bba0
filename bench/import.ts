/*
 * `import`: rows per second of a CSV from upload to the last commit, through the real service: 1,000,000 profiles, half of them
 * updates, then 1,000,000 events of these people. Limit: COPY of as many rows into the same tables with their indexes, no
 * parsing, no identity, no dedupe. BENCH_ROWS sets another number of rows.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { createClient } from '../src/contract/client.ts';
import { endpoints } from '../src/contract/endpoints.ts';
import { createAccount, getAccount } from '../src/store/accounts.ts';
import { createApiKey } from '../src/store/api-keys.ts';
import { createRig, round, seconds, type BenchResult, type Rig } from './rig.ts';
import { startService, type BenchService } from './service.ts';

const rows = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
/** Profiles that are there before: every second row of the file is one of them. */
const known = rows / 2;

export async function run(): Promise<BenchResult> {
  await using rig = await createRig();
  await using service = await startService(rig);
  const upload = await uploader(rig, service);
  await upload('profiles', await file(rig, 'known.csv', profileHeader, known, (n) => profileRow(2 * n, 'Poznań')));
  await rig.database.query('checkpoint');

  const profiles = await file(rig, 'profiles.csv', profileHeader, rows, (n) => profileRow(n, 'Łódź'));
  const profileSeconds = await upload('profiles', profiles);
  await expectRows(rig, 'profile', rows);
  await rig.database.query('checkpoint');
  const events = await file(rig, 'events.csv', eventHeader, rows, eventRow);
  const eventSeconds = await upload('events', events);
  await expectRows(rig, 'event', rows);
  const rss = await service.peakRssMb();

  const limits = { profiles: rows / (await copyProfiles(rig)), events: rows / (await copyEvents(rig)) };
  const profileRate = rows / profileSeconds;
  const eventRate = rows / eventSeconds;
  return {
    bench: 'import',
    value: Math.round(profileRate),
    unit: 'profile rows/s',
    limit: Math.round(limits.profiles),
    ratio: round(profileRate / limits.profiles),
    rss_mb: rss,
    rows,
    file_mb: Math.round((await stat(profiles)).size / 1e6),
    event_rows_per_s: Math.round(eventRate),
    event_limit: Math.round(limits.events),
    event_ratio: round(eventRate / limits.events),
  };
}

/** Uploads a file and resolves to the seconds until its last row is in. */
async function uploader(rig: Rig, service: BenchService) {
  const { key } = await createApiKey(rig.database, rig.accountId, 'bench');
  const client = createClient({ baseUrl: service.url, token: key });
  const params = { account: (await getAccount(rig.database, rig.accountId))?.publicId ?? '' };
  return (object: 'profiles' | 'events', path: string): Promise<number> =>
    seconds(async () => {
      const body = createReadStream(path, { highWaterMark: 1 << 18 });
      let found = await client.call(endpoints.uploadImport, { params, query: { object }, body });
      while (found.status === 'in_progress') {
        await new Promise((wake) => setTimeout(wake, 100));
        found = await client.call(endpoints.getImport, { params: { ...params, import: found.id } });
      }
      if (found.status !== 'completed') throw new Error(`the import ended ${JSON.stringify(found)}`);
    });
}

async function file(
  rig: Rig,
  name: string,
  header: string,
  count: number,
  row: (n: number) => string,
): Promise<string> {
  const path = join(rig.folder, name);
  await pipeline(Readable.from(blocks(header, count, row)), createWriteStream(path));
  return path;
}

function* blocks(header: string, count: number, row: (n: number) => string): Generator<string> {
  yield header;
  for (let n = 0; n < count; n += 1000) {
    yield Array.from({ length: Math.min(1000, count - n) }, (_, i) => row(n + i)).join('');
  }
}

const profileHeader = 'Email,ExternalID,FirstName,LastName,City,Country,Points,Member,Since,Segment\n';

function profileRow(n: number, city: string): string {
  return `p${n}@shop.example,c${n},Ann,"Nowak ""N${n % 100}""",${city},Poland,${n % 1000}.50,${n % 2 === 0},2024-0${1 + (n % 9)}-15,segment ${n % 7}\n`;
}

const eventHeader = 'Email,MetricName,Timestamp,Value,Currency,UniqueID,OrderId,ItemCount,Source Name\n';

function eventRow(n: number): string {
  const time = new Date(Date.UTC(2025, 0, 1) + n * 10_000).toISOString();
  const person = (n * 7919) % Math.min(rows, 10_000);
  return `p${person}@shop.example,Metric ${n % 20},${time},${n % 500}.25,PLN,u${n},${n},${n % 5},web\n`;
}

async function expectRows(rig: Rig, table: 'profile' | 'event', expected: number): Promise<void> {
  const { rows: found } = await rig.database.query<{ n: number }>(
    `select count(*) as n from ${table} where account_id = $1`,
    [rig.accountId],
  );
  if (found[0]?.n !== expected) throw new Error(`${found[0]?.n} rows are in ${table}, ${expected} were sent`);
}

/** Both tables that a profile is written to. */
async function copyProfiles(rig: Rig): Promise<number> {
  const columns =
    'account_id, change_number, created, updated, id, email, external_id, first_name, last_name, location, properties';
  const now = new Date().toISOString();
  const idOf = (n: number): string => `01J${String(n).padStart(23, '0')}`;
  const changes = 'copy profile_change (account_id, change_number, updated, profile_id) from stdin';
  const changed = await copy(rig, changes, (account, n) => `${account}\t${n + 1}\t${now}\t${idOf(n)}\n`);
  const added = await copy(rig, `copy profile (${columns}) from stdin`, (account, n) => {
    const properties = `{"Points":${n % 1000}.50,"Member":true,"Since":"2024-01-15","Segment":"segment ${n % 7}"}`;
    const location = '{"city":"Łódź","country":"Poland"}';
    return `${account}\t${n + 1}\t${now}\t${now}\t${idOf(n)}\tp${n}@shop.example\tc${n}\tAnn\tNowak\t${location}\t${properties}\n`;
  });
  return changed + added;
}

async function copyEvents(rig: Rig): Promise<number> {
  const columns = 'account_id, change_number, datetime, received_at, id, profile_id, metric_id, unique_id, properties';
  return copy(rig, `copy event (${columns}) from stdin`, (account, n) => {
    const time = new Date(Date.UTC(2025, 0, 1) + n * 10_000).toISOString();
    const properties = `{"OrderId":${n},"ItemCount":${n % 5},"Source Name":"web","$value":${n % 500}.25,"$currency_code":"PLN","$event_id":"u${n}"}`;
    const person = `P${String((n * 7919) % 10_000).padStart(25, '0')}`;
    return `${account}\t${n + 1}\t${time}\t${time}\t${randomUUID()}\t${person}\tM${n % 20}\tu${n}\t${properties}\n`;
  });
}

/** Seconds that COPY takes for as many rows of another account into the same table. */
async function copy(rig: Rig, statement: string, line: (account: number, n: number) => string): Promise<number> {
  const other = await createAccount(rig.database, { name: 'Limit' });
  const client = await rig.database.connect('bench');
  try {
    const lines = Array.from(blocks('', rows, (n) => line(other.id, n))).filter((block) => block !== '');
    return await seconds(() =>
      pipeline(Readable.from(lines, { objectMode: false }), client.query(copyFrom(statement))),
    );
  } finally {
    await client.end();
  }
}
