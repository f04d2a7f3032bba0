import { DuckDBInstance } from '@duckdb/node-api';

export type Row = Record<string, string | number>;

/** Runs queries on the warehouse file as any analyst would: another process, read-only, between runs. */
export async function queryWarehouse(path: string, ...queries: readonly string[]): Promise<Row[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  try {
    const connection = await instance.connect();
    const answers: Row[][] = [];
    for (const query of queries) {
      const result = await connection.runAndReadAll(query);
      answers.push(
        result.getRowObjectsJson().map((row) => {
          const cells = Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'number' ? value : String(value),
          ]);
          return Object.fromEntries(cells) as Row;
        }),
      );
    }
    connection.closeSync();
    return answers;
  } finally {
    instance.closeSync();
  }
}

export const countRows = `
  select (select count(*) from klaviyo_profile)::integer as profiles,
         (select count(*) from klaviyo_event)::integer as events,
         (select count(*) from klaviyo_metric)::integer as metrics`;

/** Exact: the amounts are read as decimals from the JSON text, never as binary numbers. */
export const orderTotals = `
  select count(*)::integer as orders,
         count(distinct profile_id)::integer as customers,
         sum((event_properties ->> '$."$value"')::decimal(18, 2))::varchar as usd
  from klaviyo_event join klaviyo_metric on klaviyo_metric.id = metric_id
  where name = 'Placed Order'`;

export const customersByOrders = `
  with customer as (
    select profile_id, count(*) as orders, sum((event_properties ->> '$."$value"')::decimal(18, 2)) as usd
    from klaviyo_event join klaviyo_metric on klaviyo_metric.id = metric_id
    where name = 'Placed Order'
    group by profile_id
  )
  select case when orders = 1 then '1' when orders <= 3 then '2-3' when orders <= 9 then '4-9' else '10+' end as orders,
         count(*)::integer as customers,
         sum(usd)::varchar as usd,
         round(100 * sum(usd) / sum(sum(usd)) over (), 1)::varchar || ' %' as share
  from customer
  group by 1
  order by min(customer.orders)`;
