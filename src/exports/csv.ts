/**
 * Rows as the `csv` format of `destination.ts`: raw columns wherever the store has what the warehouse wants, since each
 * expression is paid for once a row.
 */
import type { TableName } from '../destinations/destination.ts';
import { csvColumns, tables } from '../destinations/tables.ts';

/** JSON text was made compact at the door, so it has neither of the two, and COPY need not quote it. */
export const csvOptions = `format csv, delimiter e'\\t', quote e'\\x01'`;

/** Where a column is not a column of the same name in the table of `prefixes`. */
const sources: Record<TableName, Readonly<Record<string, string>>> = {
  klaviyo_event: {
    event_properties: 'e.properties',
    _received_at: 'e.received_at',
    _change_number: 'e.change_number',
  },
  klaviyo_profile: { _change_number: 'p.change_number' },
  klaviyo_metric: {
    integration_name: 'i.name',
    integration_category: 'i.category',
    _change_number: 'm.change_number',
  },
};

const prefixes: Record<TableName, string> = { klaviyo_event: 'e', klaviyo_profile: 'p', klaviyo_metric: 'm' };

export function csvFields(table: TableName): string {
  const columns = csvColumns(tables[table]).map(({ name }) => sources[table][name] ?? `${prefixes[table]}.${name}`);
  return [...columns, `'false'`].join(', ');
}

/** Of a deletion `tombstone t`, as many as a row has and of the same types. */
export function csvTombstoneFields(table: TableName): string {
  const id = table === 'klaviyo_event' ? 't.id::uuid' : 't.id';
  const known: Record<string, string> = { id, _change_number: 't.change_number' };
  return [...csvColumns(tables[table]).map(({ name }) => known[name] ?? 'null'), `'true'`].join(', ');
}
