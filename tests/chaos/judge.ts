import { readdir } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Shop } from '../../examples/demo/syncing.ts';
import { endpoints } from '../../src/contract/endpoints.ts';
import type { Database } from '../../src/db/database.ts';

/** Both sides as `key -> what must agree`. */
const comparisons = [
  {
    table: 'klaviyo_profile',
    store: `select id as key, concat_ws('|', change_number, email, external_id, properties) as facts from profile`,
    warehouse: `select id as key, concat_ws('|', _change_number, email, external_id, properties::varchar) as facts from klaviyo_profile`,
  },
  {
    table: 'klaviyo_event',
    store: `select id::text as key, concat_ws('|', change_number, profile_id, metric_id, extract(epoch from datetime)::bigint, properties) as facts from event`,
    warehouse: `select id as key, concat_ws('|', _change_number, profile_id, metric_id, "timestamp", event_properties::varchar) as facts from klaviyo_event`,
  },
  {
    table: 'klaviyo_metric',
    store: `select id as key, concat_ws('|', change_number, name) as facts from metric`,
    warehouse: `select id as key, concat_ws('|', _change_number, name) as facts from klaviyo_metric`,
  },
] as const;

/** Waits until all that is in the store is in the warehouse. @throws when it takes more than three minutes or a sync fails */
export async function everythingSynced(shop: Shop, database: Database): Promise<void> {
  const params = { account: shop.account };
  const { connection } = await shop.client.call(endpoints.getConnection, { params });
  if (!connection) throw new Error('the connection is gone');
  const selection = { objects: [...connection.selection.objects], excludedIntegrations: [], metrics: null };
  await shop.client.call(endpoints.editSelection, { params, body: { version: connection.version, selection } });
  for (let i = 0; i < 900; i++) {
    const { data: syncs } = await shop.client.call(endpoints.listSyncs, { params });
    const failed = syncs.find((sync) => sync.status === 'failed');
    if (failed) throw new Error(`the ${failed.kind} sync of ${failed.object} failed`);
    const historical = syncs.filter((sync) => sync.kind === 'historical');
    const behind = await syncsBehind(database);
    if (behind.length === 0 && historical.every((sync) => sync.status === 'completed')) return;
    for (const sync of syncs) {
      const idle = sync.status === 'scheduled' || sync.status === 'error';
      if (idle && (sync.kind === 'historical' || behind.includes(sync.id))) {
        await shop.client.call(endpoints.syncNow, { params: { ...params, sync: sync.id } }).catch(() => undefined);
      }
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('after three minutes the warehouse is still behind');
}

/** Periodic syncs whose cursor has not reached the account's last change number. */
async function syncsBehind(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select sync.id from sync join change_counter using (account_id) where sync.kind = 'periodic' and sync.cursor < last_number`,
  );
  return rows.map((row) => row.id);
}

/** What must hold when the dust has settled; each broken promise as one line. */
export async function findProblems(
  database: Database,
  warehouse: string,
  acknowledged: readonly string[],
  stagedFolder: string,
): Promise<string[]> {
  return [
    ...(await lostOrders(database, acknowledged)),
    ...(await differences(database, warehouse)),
    ...(await stuck(database)),
    ...(await leftovers(stagedFolder)),
  ];
}

async function lostOrders(database: Database, acknowledged: readonly string[]): Promise<string[]> {
  const { rows } = await database.query<{ id: string; n: number }>(
    `select sent.id, count(event.unique_id)::integer as n from unnest($1::text[]) as sent(id)
     left join event on event.unique_id = sent.id group by sent.id having count(event.unique_id) <> 1`,
    [acknowledged],
  );
  console.log(`  ${acknowledged.length} orders were acknowledged while the service was being killed`);
  return rows.map(({ id, n }) => `order ${id} is in the store ${n} times`);
}

async function differences(database: Database, path: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const problems: string[] = [];
  try {
    for (const { table, store, warehouse } of comparisons) {
      const { rows } = await database.query<{ key: string; facts: string }>(store);
      const expected = new Map(rows.map((row) => [row.key, row.facts]));
      const found = (await connection.runAndReadAll(warehouse))
        .getRows()
        .map((row) => [String(row[0]), String(row[1])] as const);
      console.log(`  ${table}: ${expected.size} rows in the store, ${found.length} in the warehouse`);
      const seen = new Set<string>();
      for (const [key, facts] of found) {
        if (seen.has(key)) problems.push(`${table} ${key} is doubled`);
        seen.add(key);
        if (expected.get(key) !== facts)
          problems.push(`${table} ${key}: store ${expected.get(key) ?? 'has none'}, warehouse ${facts}`);
      }
      for (const key of expected.keys()) if (!seen.has(key)) problems.push(`${table} ${key} is missing`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return problems.slice(0, 20);
}

async function stuck(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ id: string; status: string }>(
    `select id, status from run where status in ('queued', 'running', 'failed')`,
  );
  return rows.map(({ id, status }) => `run ${id} is still ${status}`);
}

async function leftovers(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return files.filter((file) => file.isFile()).map((file) => `staged file ${file.name} is left`);
}
