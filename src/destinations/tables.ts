/** The three tables of the contract with the customer's SQL, in the order of product section 3. */
import type { ColumnSpec, TableName, TableSpec } from './destination.ts';

export const profileTable: TableSpec = {
  name: 'klaviyo_profile',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'phone_number', type: 'text' },
    { name: 'external_id', type: 'text' },
    { name: 'first_name', type: 'text' },
    { name: 'last_name', type: 'text' },
    { name: 'organization', type: 'text' },
    { name: 'title', type: 'text' },
    { name: 'locale', type: 'text' },
    { name: 'image', type: 'text' },
    { name: 'location', type: 'json' },
    { name: 'properties', type: 'json' },
    { name: 'subscriptions', type: 'json' },
    { name: 'predictive_analytics', type: 'json' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
    { name: 'last_event_date', type: 'timestamp' },
    { name: '_change_number', type: 'integer' },
  ],
};

export const eventTable: TableSpec = {
  name: 'klaviyo_event',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'profile_id', type: 'text' },
    { name: 'metric_id', type: 'text' },
    { name: 'datetime', type: 'timestamp' },
    { name: 'timestamp', type: 'integer', derived: { from: 'datetime', as: 'seconds' } },
    { name: 'uuid', type: 'text', derived: { from: 'id', as: 'same' } },
    { name: 'event_properties', type: 'json' },
    { name: '_received_at', type: 'timestamp' },
    { name: '_change_number', type: 'integer' },
  ],
};

export const metricTable: TableSpec = {
  name: 'klaviyo_metric',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'integration_id', type: 'text' },
    { name: 'integration_name', type: 'text' },
    { name: 'integration_category', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
    { name: '_change_number', type: 'integer' },
  ],
};

export const tables: Record<TableName, TableSpec> = {
  klaviyo_profile: profileTable,
  klaviyo_event: eventTable,
  klaviyo_metric: metricTable,
};

/** The columns of a file staged as `csv`, before `_deleted`. */
export function csvColumns(table: TableSpec): readonly ColumnSpec[] {
  return table.columns.filter(({ derived }) => !derived);
}
