/**
 * Rows as the `json-lines` format of `destination.ts`, each as the pieces of one JSON line.
 *
 * COPY writes the pieces with a tab between them. A tab may stand between the tokens of JSON and can never stand inside
 * JSON that was made compact at the door, so COPY has nothing to quote, and the long values are written as they are
 * instead of being copied into one longer text first.
 */
import type { TableName } from '../destinations/destination.ts';

/**
 * Times are ISO 8601 as `to_json` writes them, with the microseconds that are not zero and the offset +00:00: a third of
 * what `to_char` costs, which would be the most expensive part of a line.
 * Ids are made by Wharf of letters, digits and hyphens, so they need no escaping.
 */
export function jsonLinePieces(table: TableName): string {
  switch (table) {
    case 'klaviyo_event':
      return `'{"id":"' || e.id || '","profile_id":"' || e.profile_id || '","metric_id":"' || e.metric_id
 || '","datetime":' || to_json(e.datetime) || ',"timestamp":' || floor(extract(epoch from e.datetime))::bigint
 || ',"uuid":"' || e.id || '","_received_at":' || to_json(e.received_at) || ',"_change_number":' || e.change_number
 || ',"_deleted":false,"event_properties":', e.properties, '}'`;
    case 'klaviyo_profile':
      return `'{"id":"' || p.id || '"' || ${members('p', profileColumns)}
 || ',"_change_number":' || p.change_number || ',"_deleted":false,"location":', coalesce(p.location, 'null'),
 ',"properties":', p.properties, ',"subscriptions":', coalesce(p.subscriptions, 'null'),
 ',"predictive_analytics":', coalesce(p.predictive_analytics, 'null'), '}'`;
    case 'klaviyo_metric':
      return `'{"id":"' || m.id || '","name":' || to_json(m.name) || ',"integration_id":"' || m.integration_id
 || '","integration_name":' || to_json(i.name) || ',"integration_category":' || to_json(i.category)
 || ${members('m', ['created', 'updated'])} || ',"_change_number":' || m.change_number || ',"_deleted":false}'`;
  }
}

/** As many columns as the live rows have: COPY writes nothing for null. */
export function jsonLineTombstonePieces(table: TableName): string {
  const fillers = { klaviyo_event: 2, klaviyo_profile: 8, klaviyo_metric: 0 }[table];
  const deletion = `'{"id":' || to_json(t.id) || ',"_change_number":' || t.change_number || ',"_deleted":true}'`;
  return [deletion, ...Array<string>(fillers).fill('null')].join(', ');
}

const profileColumns = [
  'email',
  'phone_number',
  'external_id',
  'first_name',
  'last_name',
  'organization',
  'title',
  'locale',
  'image',
  'created',
  'updated',
  'last_event_date',
] as const;

/** Members of texts and times, null where the column is. */
function members(alias: string, columns: readonly string[]): string {
  return columns
    .map((column) => `',"${column}":' || coalesce(to_json(${alias}.${column})::text, 'null')`)
    .join('\n || ');
}
