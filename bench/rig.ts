/* What every benchmark needs: a PostgreSQL with honest settings, seeded rows, the clock and the memory of this process. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../src/db/database.ts';
import { EmbeddedPostgres } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { createAccount } from '../src/store/accounts.ts';

export interface BenchResult {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** What the machine could do at best, measured in this very run. */
  readonly limit: number;
  /** value / limit, or limit / value where less is better; 1 is the best there is. */
  readonly ratio: number;
  readonly rss_mb: number;
  readonly [fact: string]: number | string;
}

/** Rows of a benchmark; `BENCH_ROWS` takes another number to see that it runs, not to measure. */
export const benchRows = Number(process.env['BENCH_ROWS'] ?? 1_000_000);

export interface Rig extends AsyncDisposable {
  readonly database: Database;
  readonly accountId: number;
  /** Removed with the rig. */
  readonly folder: string;
}

export async function createRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-bench-'));
  // under root PostgreSQL runs as another user, who must be able to pass through
  await chmod(folder, 0o711);
  const server = await EmbeddedPostgres.start({ dataDir: join(folder, 'postgres') });
  const database = new Database(server.url);
  await migrate(database);
  const account = await createAccount(database, { name: 'Bench' });
  return {
    database,
    accountId: account.id,
    folder,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Adds `count` events after those that exist, made inside PostgreSQL: 2,000 profiles, 20 metrics, two years of times, about
 * 600 bytes a row as a JSON line.
 */
export async function seedEvents(rig: Rig, count: number): Promise<void> {
  const { database, accountId } = rig;
  await database.transaction(async (tx) => {
    await tx.query(
      `insert into integration (account_id, id, name, created) values ($1, 'bench1', 'API', now()) on conflict do nothing`,
      [accountId],
    );
    await tx.query(
      `insert into metric (account_id, id, integration_id, name, created, updated, change_number)
       select $1, 'M' || n, 'bench1', 'Metric ' || n, now(), now(), n from generate_series(1, 20) n on conflict do nothing`,
      [accountId],
    );
    await tx.query(
      `insert into profile (account_id, id, email, created, updated, change_number)
       select $1, 'P' || lpad(n::text, 25, '0'), 'p' || n || '@shop.example', now(), now(), 20 + n
       from generate_series(1, 2000) n on conflict do nothing`,
      [accountId],
    );
    await tx.query(
      `insert into profile_change (account_id, change_number, updated, profile_id)
       select account_id, change_number, updated, id from profile where account_id = $1 on conflict do nothing`,
      [accountId],
    );
    const { rows } = await tx.query<{ last: number }>(
      'select greatest(last_number, 2020) as last from change_counter where account_id = $1 for update',
      [accountId],
    );
    const last = rows[0]?.last ?? 2020;
    await tx.query(
      `insert into event (account_id, change_number, datetime, received_at, id, profile_id, metric_id, unique_id, properties)
       select $1, $2::bigint + n, now() - random() * interval '700 days', now(), gen_random_uuid(),
              'P' || lpad((1 + n % 2000)::text, 25, '0'), 'M' || 1 + n % 20, 'u' || $2::bigint + n,
              ('{"$value":' || round((random() * 500)::numeric, 2) || ',"$currency_code":"USD","OrderId":"' || $2::bigint + n
               || '","Items":["Compact Disc","Gift Card"],"ItemCount":2,"Source Name":"web","Discount Code":"AUTUMN","note":"'
               || repeat('lorem ipsum dolor ', 11) || '"}')
       from generate_series(1, $3::integer) n`,
      [accountId, last, count],
    );
    await tx.query('update change_counter set last_number = $2 where account_id = $1', [accountId, last + count]);
  });
  await database.query('vacuum analyze event');
  await database.query('checkpoint');
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Peak resident memory of this process since `resetPeakRss`, in MB (10^6 bytes). Linux only; elsewhere the present size. */
export async function peakRssMb(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
  return Math.round(kilobytes ? (Number(kilobytes) * 1024) / 1e6 : process.memoryUsage().rss / 1e6);
}

export async function resetPeakRss(): Promise<void> {
  globalThis.gc?.();
  await writeFile('/proc/self/clear_refs', '5').catch(() => undefined);
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
