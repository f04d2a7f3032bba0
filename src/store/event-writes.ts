import type { Database, Tx } from '../db/database.ts';
import { withAccountWrite, type ChangeNumbers } from './change-numbers.ts';
import { integerColumn, textColumn, timeColumn, uuidColumn } from './column-arrays.ts';
import { admitEvent } from './door.ts';
import { eventIdentity, storedProperties, uniqueIdOf, type EventWrite } from './event.ts';
import { ensureMetrics, findMetrics, metricKey } from './metrics.ts';
import { ProfileBook, type ProfileProblem } from './profile-book.ts';
import { notesText, type Profile } from './profile.ts';

export interface RecordedEvents {
  /** Events that are new in the store. */
  readonly recorded: number;
  /** Events the store had already, or that stood twice in the batch; the first one stays. */
  readonly duplicates: number;
  /** Events left out, by their place in the batch. */
  readonly problems: readonly (ProfileProblem & { readonly index: number })[];
}

interface Row {
  readonly profile: Profile;
  readonly metricId: string;
  readonly uniqueId: string;
  readonly datetimeMs: number;
  readonly key: Buffer;
  readonly id: Buffer;
  readonly properties: string;
  readonly doorNotes: string | null;
}

interface Prepared {
  readonly index: number;
  readonly write: EventWrite;
  readonly uniqueId: string;
  readonly properties: string;
}

/**
 * Records a batch in one transaction. Metrics and profiles that are not known yet are made. An identifier that belongs
 * to someone else than the event's person is left out (see `ProfileBook`). Events with problems are left out, the rest
 * is recorded. `admitted`: the writes are what `admitEvent` gave, and are not looked at again.
 */
export async function recordEvents(
  db: Database,
  accountId: number,
  writes: readonly EventWrite[],
  options: { readonly admitted?: boolean } = {},
): Promise<RecordedEvents> {
  const problems: (ProfileProblem & { index: number })[] = [];
  const prepared = options.admitted ? writes.map(prepareOne) : prepare(writes, problems);
  if (prepared.length === 0) return { recorded: 0, duplicates: 0, problems };
  const metrics = metricsOf(prepared);
  // metrics never go, so what is found before the lock holds
  const known = await findMetrics(db, accountId, metrics);
  return withAccountWrite(db, accountId, async (tx, numbers) => {
    const metricIds = known ?? (await ensureMetrics(tx, numbers, accountId, metrics));
    const profiles = prepared.map(({ write }) => write.profile);
    const book = await ProfileBook.open(tx, numbers, accountId, profiles);
    const rows = resolveRows(prepared, book, metricIds, problems);
    const claim = claimKeys(tx, accountId, rows);
    // made while the database is at work, for the usual case that all events are new
    const allColumns = columnsOf([...rows.values()]);
    const fresh = await claim;
    for (const row of fresh) book.sawEvent(row.profile, row.datetimeMs);
    await book.save(tx, numbers);
    const columns = fresh.length === rows.size ? allColumns : columnsOf(fresh);
    if (fresh.length > 0) await insertEvents(tx, numbers, accountId, columns);
    const recorded = fresh.length;
    return { recorded, duplicates: writes.length - problems.length - recorded, problems };
  });
}

function prepare(writes: readonly EventWrite[], problems: (ProfileProblem & { index: number })[]): Prepared[] {
  const now = new Date();
  return writes.flatMap((given, index) => {
    const admitted = admitEvent(given, now);
    if ('write' in admitted) return prepareOne(admitted.write, index);
    const [{ path, message }] = admitted.problems;
    problems.push({ index, code: 'invalid', path, message });
    return [];
  });
}

function prepareOne(write: EventWrite, index: number): Prepared {
  return { index, write, uniqueId: uniqueIdOf(write), properties: storedProperties(write) };
}

function metricsOf(prepared: readonly Prepared[]): EventWrite['metric'][] {
  const metrics = new Map(prepared.map(({ write }) => [metricKey(write.metric), write.metric]));
  return [...metrics.values()];
}

/** The batch's events with their people, those that stand twice in it only once. */
function resolveRows(
  prepared: readonly Prepared[],
  book: ProfileBook,
  metricIds: ReadonlyMap<string, string>,
  problems: (ProfileProblem & { index: number })[],
): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const { index, write, uniqueId, properties } of prepared) {
    const applied = book.apply(write.profile, 'lenient');
    if ('problem' in applied) {
      problems.push({ index, ...applied.problem, path: `profile/${applied.problem.path}` });
      continue;
    }
    const { profile } = applied;
    const metricId = metricIds.get(metricKey(write.metric)) ?? '';
    const datetimeMs = write.datetime.getTime();
    const identity = eventIdentity(profile.id, metricId, uniqueId, datetimeMs);
    const name = identity.key.toString('hex');
    if (rows.has(name)) continue;
    const doorNotes = notesText(write.notes);
    rows.set(name, { profile, metricId, uniqueId, datetimeMs, ...identity, properties, doorNotes });
  }
  return rows;
}

/** Enters the keys the store does not have yet and returns their events. */
async function claimKeys(tx: Tx, accountId: number, rows: ReadonlyMap<string, Row>): Promise<Row[]> {
  const all = [...rows.values()];
  const keys = uuidColumn(all.map((row) => row.key));
  const { count } = await tx.query(
    {
      name: 'claim-event-keys',
      text: `insert into event_key (account_id, key) select $1, n.key from unnest($2::uuid[]) as n(key)
             on conflict do nothing`,
    },
    [accountId, keys],
  );
  return count === all.length ? all : claimedRows(tx, accountId, rows, keys);
}

/** Those whose key this transaction has entered. Asked only when some were there: to return all keys each time costs more. */
async function claimedRows(tx: Tx, accountId: number, rows: ReadonlyMap<string, Row>, keys: Buffer): Promise<Row[]> {
  const { rows: entered } = await tx.query<{ key: string }>(
    `select encode(uuid_send(k.key), 'hex') as key
     from unnest($2::uuid[]) as n(key) cross join lateral
       (select key, xmin from event_key where account_id = $1 and key = n.key limit 1) as k
     where k.xmin = pg_current_xact_id()::xid`,
    [accountId, keys],
  );
  return entered.flatMap(({ key }) => rows.get(key) ?? []);
}

const insertStatement = {
  name: 'insert-events',
  text: `insert into event (account_id, received_at, change_number, datetime, id, profile_id, metric_id, unique_id,
           properties, door_notes)
         select $1, $2, n.change_number, n.datetime, n.id, n.profile_id, n.metric_id, n.unique_id, n.properties,
           n.door_notes
         from unnest($3::int8[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
           $10::text[])
           as n(change_number, datetime, id, profile_id, metric_id, unique_id, properties, door_notes)`,
};

async function insertEvents(tx: Tx, numbers: ChangeNumbers, accountId: number, columns: EventColumns): Promise<void> {
  const first = numbers.take(columns.rows);
  const changeNumbers = integerColumn(Array.from({ length: columns.rows }, (_, index) => first + index));
  await tx.query(insertStatement, [accountId, numbers.now, changeNumbers, ...columns.buffers]);
}

interface EventColumns {
  readonly rows: number;
  readonly buffers: readonly Buffer[];
}

function columnsOf(rows: readonly Row[]): EventColumns {
  return {
    rows: rows.length,
    buffers: [
      timeColumn(rows.map((row) => row.datetimeMs)),
      uuidColumn(rows.map((row) => row.id)),
      textColumn(rows.map((row) => row.profile.id)),
      textColumn(rows.map((row) => row.metricId)),
      textColumn(rows.map((row) => row.uniqueId)),
      textColumn(rows.map((row) => row.properties)),
      textColumn(rows.map((row) => row.doorNotes)),
    ],
  };
}
