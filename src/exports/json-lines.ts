/**
 * Rows as the formats `json-lines` and `flat-json-lines` of `destination.ts`, each as the pieces of one JSON line.
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
function pieces(table: TableName, { json, integer }: Style): string {
  switch (table) {
    case 'klaviyo_event':
      return `'{"id":"' || e.id || '","profile_id":"' || e.profile_id || '","metric_id":"' || e.metric_id
 || '","datetime":' || to_json(e.datetime) || ',"timestamp":' || ${integer('floor(extract(epoch from e.datetime))::bigint')}
 || ',"uuid":"' || e.id || '","_received_at":' || to_json(e.received_at) || ',"_change_number":' || ${integer('e.change_number')}
 || ',"_deleted":false,"event_properties":', ${json('e.properties')}, '}'`;
    case 'klaviyo_profile':
      return `'{"id":"' || p.id || '"' || ${members('p', profileColumns)}
 || ',"_change_number":' || ${integer('p.change_number')} || ',"_deleted":false,"location":', ${orNull(json('p.location'))},
 ',"properties":', ${json('p.properties')}, ',"subscriptions":', ${orNull(json('p.subscriptions'))},
 ',"predictive_analytics":', ${orNull(json('p.predictive_analytics'))}, '}'`;
    case 'klaviyo_metric':
      return `'{"id":"' || m.id || '","name":' || to_json(m.name) || ',"integration_id":"' || m.integration_id
 || '","integration_name":' || to_json(i.name) || ',"integration_category":' || to_json(i.category)
 || ${members('m', ['created', 'updated'])} || ',"_change_number":' || ${integer('m.change_number')} || ',"_deleted":false}'`;
  }
}

/** As many columns as the live rows have: COPY writes nothing for null. */
function tombstonePieces(table: TableName, { integer }: Style): string {
  const fillers = { klaviyo_event: 2, klaviyo_profile: 8, klaviyo_metric: 0 }[table];
  const number = integer('t.change_number');
  const deletion = `'{"id":' || to_json(t.id) || ',"_change_number":' || ${number} || ',"_deleted":true}'`;
  return [deletion, ...Array<string>(fillers).fill('null')].join(', ');
}

/** How a value of a column is written. */
interface Style {
  json(expression: string): string;
  integer(expression: string): string;
}

const nested: Style = { json: (expression) => expression, integer: (expression) => expression };

const flat: Style = {
  json: (expression) => `to_json(${expression}::text)`,
  integer: (expression) => `'"' || ${expression} || '"'`,
};

export const jsonLines = writer(nested);
export const flatJsonLines = writer(flat);

function writer(style: Style) {
  return {
    live: (table: TableName): string => pieces(table, style),
    tombstone: (table: TableName): string => tombstonePieces(table, style),
  };
}

function orNull(expression: string): string {
  return `coalesce(${expression}, 'null')`;
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
