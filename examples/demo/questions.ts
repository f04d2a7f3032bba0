/* What the demo asks the warehouse, in SQL that all of them understand. Money is added up in whole cents. */
import type { DemoWarehouse } from './warehouses/warehouse.ts';

const orders = (columns: string): string => `
  SELECT ${columns}
  FROM klaviyo_event JOIN klaviyo_metric ON klaviyo_metric.id = klaviyo_event.metric_id
  WHERE klaviyo_metric.name = 'Placed Order'`;

export interface OrderTotals {
  readonly orders: number;
  readonly cents: bigint;
}

export async function orderTotals(warehouse: DemoWarehouse): Promise<OrderTotals> {
  const [row] = await warehouse.ask(orders(`COUNT(*) AS orders, SUM(${warehouse.dialect.cents}) AS cents`));
  return { orders: Number(row?.['orders']), cents: BigInt(row?.['cents'] ?? '') };
}

export interface PresentRows {
  readonly profiles: number;
  readonly events: number;
}

export async function presentRows(warehouse: DemoWarehouse): Promise<PresentRows> {
  const count = async (table: string): Promise<number> => {
    const [row] = await warehouse.ask(`SELECT COUNT(*) AS rows_there FROM ${table}`);
    return Number(row?.['rows_there']);
  };
  return { profiles: await count('klaviyo_profile'), events: await count('klaviyo_event') };
}

export interface CustomerGroup {
  readonly orders: string;
  readonly customers: number;
  readonly cents: bigint;
}

/** Customers by how often they ordered, few first. */
export async function customersByOrders(warehouse: DemoWarehouse): Promise<CustomerGroup[]> {
  const { cents } = warehouse.dialect;
  const perCustomer = orders(`klaviyo_event.profile_id, COUNT(*) AS orders, SUM(${cents}) AS cents`);
  const rows = await warehouse.ask(`
    SELECT bucket, COUNT(*) AS customers, SUM(cents) AS cents
    FROM (
      SELECT orders, cents,
        CASE WHEN orders = 1 THEN '1' WHEN orders <= 3 THEN '2-3' WHEN orders <= 9 THEN '4-9' ELSE '10+' END AS bucket
      FROM (${perCustomer} GROUP BY klaviyo_event.profile_id) AS customer
    ) AS grouped
    GROUP BY bucket
    ORDER BY MIN(orders)`);
  return rows.map((row) => ({
    orders: row['bucket'] ?? '',
    customers: Number(row['customers']),
    cents: BigInt(row['cents'] ?? ''),
  }));
}
