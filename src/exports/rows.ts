/** The statements that read a chunk's rows out of the store, in the format that the destination asked for. */
import type { StagedFormat, TableName } from '../destinations/destination.ts';
import { csvFields, csvOptions, csvTombstoneFields } from './csv.ts';
import { eventSource, type EventFilter } from './filter.ts';
import { flatJsonLines, jsonLines } from './json-lines.ts';

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

/** The select lists of each format: of live rows and of deletions. */
const writers: Record<StagedFormat, { live(table: TableName): string; tombstone(table: TableName): string }> = {
  csv: { live: csvFields, tombstone: csvTombstoneFields },
  'json-lines': jsonLines,
  'flat-json-lines': flatJsonLines,
};

/** `copy ... to stdout`. The session's time zone must be UTC, its date style ISO. */
export function copyStatement(range: RowRange, format: StagedFormat): string {
  const { live, tombstone } = writers[format];
  const parts = [
    range.content !== 'tombstones' && `select ${live(range.table)} ${source(range)}`,
    range.content !== 'rows' && `select ${tombstone(range.table)} ${tombstoneSource(range)}`,
  ].filter(Boolean);
  return `copy (${parts.join('\nunion all\n')}) to stdout (${csvOptions})`;
}

/** Counts the rows of the range by another way than COPY does. */
export function countStatement(range: RowRange): string {
  const parts = [
    range.content !== 'tombstones' && `(select count(*) ${numberSource(range)})`,
    range.content !== 'rows' && `(select count(*) ${tombstoneSource(range)})`,
  ].filter(Boolean);
  return `select ${parts.join(' + ')} as rows`;
}

/** Lengths in bytes of a sample of the lines, uncompressed. */
export function lineLengthStatement(range: RowRange, sample: number): string {
  return (
    `select coalesce(avg(octet_length(line)), 0)::float8 as bytes` +
    ` from (select concat(${jsonLines.live(range.table)}) as line ${source(range)} limit ${sample}) as sample`
  );
}

/** The change numbers in the range, unordered. */
export function numbersStatement(range: RowRange): string {
  const alias = range.table === 'klaviyo_event' ? 'e' : range.table === 'klaviyo_profile' ? 'c' : 'm';
  const parts = [
    range.content !== 'tombstones' && `select ${alias}.change_number ${numberSource(range)}`,
    range.content !== 'rows' && `select t.change_number ${tombstoneSource(range)}`,
  ].filter(Boolean);
  return parts.join(' union all ');
}

/** `from ... where ...` of the live rows. */
export function source(range: RowRange): string {
  if (range.table === 'klaviyo_profile') {
    return `from profile_change c join profile p on p.account_id = c.account_id and p.id = c.profile_id ${window(range, 'c')}`;
  }
  if (range.table === 'klaviyo_metric') {
    return `from metric m join integration i on i.account_id = m.account_id and i.id = m.integration_id ${window(range, 'm')}`;
  }
  const { join, condition } = eventSource(range.filter);
  return `from event e${join} ${window(range, 'e')}${spanOf(range)}${condition}`;
}

/** As `source`, where no more than their number matters. */
function numberSource(range: RowRange): string {
  return range.table === 'klaviyo_profile' ? `from profile_change c ${window(range, 'c')}` : source(range);
}

function window({ accountId, numberFrom, numberTo }: RowRange, alias: string): string {
  const number = `${alias}.change_number`;
  return `where ${alias}.account_id = ${accountId} and ${number} > ${numberFrom} and ${number} <= ${numberTo}`;
}

/**
 * `from ... where ...` of the events by whose times a history is cut. Where no metric is left out, change numbers are not
 * looked at, so that an index alone answers, in order: cuts need not be exact, only the chunks between them.
 */
export function historySource(range: RowRange): string {
  if (eventSource(range.filter).condition !== '') return source(range);
  return `from event e where e.account_id = ${range.accountId}${spanOf(range)}`;
}

function spanOf({ timeFrom, timeTo }: RowRange): string {
  const after = timeFrom === null ? '' : ` and e.datetime >= '${timeFrom}'::timestamptz`;
  const before = timeTo === null ? '' : ` and e.datetime < '${timeTo}'::timestamptz`;
  return after + before;
}

function tombstoneSource(range: RowRange): string {
  const table = range.table === 'klaviyo_profile' ? 'profile' : 'event';
  return (
    `from tombstone t where t.account_id = ${range.accountId} and t.table_name = '${table}'` +
    ` and t.change_number > ${range.numberFrom} and t.change_number <= ${range.numberTo}`
  );
}
