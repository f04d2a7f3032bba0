/**
 * The statements that read a chunk's rows out of the store, each row as the pieces of one JSON line.
 *
 * COPY writes the pieces with a tab between them. A tab may stand between the tokens of JSON and can never stand inside
 * JSON that was made compact at the door, so COPY has nothing to quote, and the long values are written as they are
 * instead of being copied into one longer text first.
 */
import type { StagedJson, TableName } from '../destinations/destination.ts';
import { eventSource, type EventFilter } from './filter.ts';

/** The rows of one chunk: a table, a window of change numbers, for historical events also a span of time. */
export interface RowRange {
  readonly accountId: number;
  readonly table: TableName;
  /** `changes`: rows and deletions. */
  readonly content: 'rows' | 'tombstones' | 'changes';
  /** Half-open `(from, to]` of change numbers. */
  readonly numberFrom: number;
  readonly numberTo: number;
  /** Half-open `[from, to)` of event times, ISO 8601; null = open. */
  readonly timeFrom: string | null;
  readonly timeTo: string | null;
  readonly filter: EventFilter;
}

/** `copy ... to stdout`: one JSON line a row. The session's time zone must be UTC. */
export function copyStatement(range: RowRange, json: StagedJson): string {
  const parts = [
    range.content !== 'tombstones' && `select ${pieces(range.table, json)} ${source(range)}`,
    range.content !== 'rows' && `select ${tombstonePieces(range.table)} ${tombstoneSource(range)}`,
  ].filter(Boolean);
  return `copy (${parts.join('\nunion all\n')}) to stdout (format csv, delimiter e'\\t', quote e'\\x01')`;
}

/** Counts the rows of the range by another way than COPY does. */
export function countStatement(range: RowRange): string {
  const parts = [
    range.content !== 'tombstones' && `(select count(*) ${source(range)})`,
    range.content !== 'rows' && `(select count(*) ${tombstoneSource(range)})`,
  ].filter(Boolean);
  return `select ${parts.join(' + ')} as rows`;
}

/** Lengths in bytes of a sample of the lines, uncompressed. */
export function lineLengthStatement(range: RowRange, sample: number): string {
  return (
    `select coalesce(avg(octet_length(line)), 0)::float8 as bytes` +
    ` from (select concat(${pieces(range.table, 'value')}) as line ${source(range)} limit ${sample}) as sample`
  );
}

/** The change numbers in the range, unordered. */
export function numbersStatement(range: RowRange): string {
  const alias = range.table === 'klaviyo_event' ? 'e' : range.table === 'klaviyo_profile' ? 'p' : 'm';
  const parts = [
    range.content !== 'tombstones' && `select ${alias}.change_number ${source(range)}`,
    range.content !== 'rows' && `select t.change_number ${tombstoneSource(range)}`,
  ].filter(Boolean);
  return parts.join(' union all ');
}

/** `from ... where ...` of the live rows. */
export function source(range: RowRange): string {
  const { accountId, numberFrom, numberTo } = range;
  const window = (alias: string): string =>
    `where ${alias}.account_id = ${accountId} and ${alias}.change_number > ${numberFrom} and ${alias}.change_number <= ${numberTo}`;
  if (range.table === 'klaviyo_profile') return `from profile p ${window('p')}`;
  if (range.table === 'klaviyo_metric') {
    return `from metric m join integration i on i.account_id = m.account_id and i.id = m.integration_id ${window('m')}`;
  }
  const { join, condition } = eventSource(range.filter);
  const after = range.timeFrom === null ? '' : ` and e.datetime >= '${range.timeFrom}'::timestamptz`;
  const before = range.timeTo === null ? '' : ` and e.datetime < '${range.timeTo}'::timestamptz`;
  return `from event e${join} ${window('e')}${after}${before}${condition}`;
}

function tombstoneSource(range: RowRange): string {
  const table = range.table === 'klaviyo_profile' ? 'profile' : 'event';
  return (
    `from tombstone t where t.account_id = ${range.accountId} and t.table_name = '${table}'` +
    ` and t.change_number > ${range.numberFrom} and t.change_number <= ${range.numberTo}`
  );
}

/**
 * Times are ISO 8601 as `to_json` writes them, with the microseconds that are not zero and the offset +00:00: a third of
 * what `to_char` costs, which would be the most expensive part of a line.
 * Ids are made by Wharf of letters, digits and hyphens, so they need no escaping.
 */
function pieces(table: TableName, json: StagedJson): string {
  const value = (column: string): string => (json === 'value' ? column : `to_json(${column}::text)`);
  switch (table) {
    case 'klaviyo_event':
      return `'{"id":"' || e.id || '","profile_id":"' || e.profile_id || '","metric_id":"' || e.metric_id
 || '","datetime":' || to_json(e.datetime) || ',"timestamp":' || floor(extract(epoch from e.datetime))::bigint
 || ',"uuid":"' || e.id || '","_received_at":' || to_json(e.received_at) || ',"_change_number":' || e.change_number
 || ',"_deleted":false,"event_properties":', ${value('e.properties')}, '}'`;
    case 'klaviyo_profile':
      return `'{"id":"' || p.id || '"' || ${members('p', profileColumns)}
 || ',"_change_number":' || p.change_number || ',"_deleted":false,"location":', coalesce(${value('p.location')}, 'null'),
 ',"properties":', ${value('p.properties')}, ',"subscriptions":', coalesce(${value('p.subscriptions')}, 'null'),
 ',"predictive_analytics":', coalesce(${value('p.predictive_analytics')}, 'null'), '}'`;
    case 'klaviyo_metric':
      return `'{"id":"' || m.id || '","name":' || to_json(m.name) || ',"integration_id":"' || m.integration_id
 || '","integration_name":' || to_json(i.name) || ',"integration_category":' || to_json(i.category)
 || ${members('m', ['created', 'updated'])} || ',"_change_number":' || m.change_number || ',"_deleted":false}'`;
  }
}

/** As many columns as the live rows have: COPY writes nothing for null. */
function tombstonePieces(table: TableName): string {
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
