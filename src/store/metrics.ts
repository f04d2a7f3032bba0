import type { Sql, Tx } from '../db/database.ts';
import { shortId } from '../kernel/ids.ts';
import type { ChangeNumbers } from './change-numbers.ts';
import { integerColumn, textColumn } from './column-arrays.ts';

export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

export interface Metric {
  readonly id: string;
  readonly name: string;
  readonly created: Date;
  readonly updated: Date;
  readonly integration: Integration;
}

export interface MetricName {
  readonly name: string;
  /** The integration the events come from; `API` when absent. */
  readonly integration?: string | undefined;
}

/** The key of `ensureMetrics`' answer. */
export function metricKey({ name, integration = 'API' }: MetricName): string {
  return `${integration}\u0001${name}`;
}

/** Ids of the named metrics by `metricKey`; metrics and integrations that are missing are made. */
export async function ensureMetrics(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  names: Iterable<MetricName>,
): Promise<Map<string, string>> {
  const wanted = new Map(Array.from(names, (name) => [metricKey(name), name]));
  const ids = await findMetricIds(tx, accountId, wanted.values());
  const missing = [...wanted.values()].filter((name) => !ids.has(metricKey(name)));
  if (missing.length > 0) await insertMetrics(tx, numbers, accountId, missing, ids);
  return ids;
}

/** The ids as `ensureMetrics` gives them, or null when one of the metrics does not exist yet. Needs no lock. */
export async function findMetrics(
  sql: Sql,
  accountId: number,
  names: readonly MetricName[],
): Promise<Map<string, string> | null> {
  const ids = await findMetricIds(sql, accountId, names);
  return names.every((name) => ids.has(metricKey(name))) ? ids : null;
}

async function findMetricIds(sql: Sql, accountId: number, names: Iterable<MetricName>): Promise<Map<string, string>> {
  const wanted = [...names];
  const { rows } = await sql.query<{ id: string; name: string; integration: string }>(
    {
      name: 'find-metrics',
      text: `select m.id, m.name, i.name as integration
             from unnest($2::text[], $3::text[]) as wanted(integration, name)
             join integration i on i.account_id = $1 and i.name = wanted.integration
             join metric m on m.account_id = $1 and m.integration_id = i.id and m.name = wanted.name`,
    },
    [accountId, textColumn(wanted.map((w) => w.integration ?? 'API')), textColumn(wanted.map((w) => w.name))],
  );
  return new Map(rows.map((row) => [metricKey(row), row.id]));
}

async function insertMetrics(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  missing: readonly MetricName[],
  ids: Map<string, string>,
): Promise<void> {
  const integrations = await ensureIntegrations(tx, numbers, accountId, missing);
  const first = numbers.take(missing.length);
  const fresh = missing.map((metric, index) => ({ metric, id: shortId(), number: first + index }));
  await tx.query(
    `insert into metric (account_id, id, integration_id, name, created, updated, change_number)
     select $1, n.id, n.integration_id, n.name, $2, $2, n.change_number
     from unnest($3::text[], $4::text[], $5::text[], $6::int8[]) as n(id, integration_id, name, change_number)`,
    [
      accountId,
      numbers.now,
      textColumn(fresh.map(({ id }) => id)),
      textColumn(fresh.map(({ metric }) => integrations.get(metric.integration ?? 'API'))),
      textColumn(fresh.map(({ metric }) => metric.name)),
      integerColumn(fresh.map(({ number }) => number)),
    ],
  );
  for (const { metric, id } of fresh) ids.set(metricKey(metric), id);
}

async function ensureIntegrations(
  tx: Tx,
  numbers: ChangeNumbers,
  accountId: number,
  metrics: readonly MetricName[],
): Promise<Map<string, string>> {
  const names = [...new Set(metrics.map((metric) => metric.integration ?? 'API'))];
  await tx.query(
    `insert into integration (account_id, id, name, created)
     select $1, n.id, n.name, $2 from unnest($3::text[], $4::text[]) as n(id, name)
     on conflict (account_id, name) do nothing`,
    [accountId, numbers.now, textColumn(names.map(() => shortId())), textColumn(names)],
  );
  const { rows } = await tx.query<{ id: string; name: string }>(
    'select id, name from integration where account_id = $1 and name = any($2)',
    [accountId, names],
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

export interface MetricFilter {
  readonly integrationName?: string;
  readonly integrationCategory?: string;
  /** The last id of the page before. */
  readonly after?: string;
  readonly size: number;
}

const selectMetric = `select m.id, m.name, m.created, m.updated,
         i.id as "integrationId", i.name as "integrationName", i.category as "integrationCategory"
  from metric m join integration i on i.account_id = m.account_id and i.id = m.integration_id`;

interface MetricRow {
  readonly id: string;
  readonly name: string;
  readonly created: Date;
  readonly updated: Date;
  readonly integrationId: string;
  readonly integrationName: string;
  readonly integrationCategory: string;
}

/** In order of id. */
export async function listMetrics(sql: Sql, accountId: number, filter: MetricFilter): Promise<Metric[]> {
  const { rows } = await sql.query<MetricRow>(
    `${selectMetric}
     where m.account_id = $1 and ($2::text is null or i.name = $2) and ($3::text is null or i.category = $3)
       and ($4::text is null or m.id > $4)
     order by m.id limit $5`,
    [accountId, filter.integrationName ?? null, filter.integrationCategory ?? null, filter.after ?? null, filter.size],
  );
  return rows.map(toMetric);
}

/** Those of the ids that exist, in no order. */
export async function getMetrics(sql: Sql, accountId: number, ids: readonly string[]): Promise<Metric[]> {
  const { rows } = await sql.query<MetricRow>(`${selectMetric} where m.account_id = $1 and m.id = any($2)`, [
    accountId,
    ids,
  ]);
  return rows.map(toMetric);
}

export async function getMetric(sql: Sql, accountId: number, id: string): Promise<Metric | null> {
  const [metric] = await getMetrics(sql, accountId, [id]);
  return metric ?? null;
}

/** In order of name. */
export async function listIntegrations(sql: Sql, accountId: number): Promise<Integration[]> {
  const { rows } = await sql.query<Integration>(
    'select id, name, category from integration where account_id = $1 order by name',
    [accountId],
  );
  return rows;
}

function toMetric(row: MetricRow): Metric {
  const { id, name, created, updated } = row;
  const integration = { id: row.integrationId, name: row.integrationName, category: row.integrationCategory };
  return { id, name, created, updated, integration };
}
