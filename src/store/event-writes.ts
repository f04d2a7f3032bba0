import { isUniqueViolation, type Database, type Tx } from '../db/database.ts';
import { mapInTurns } from '../kernel/turns.ts';
import { withAccountWrite, type ChangeNumbers, type WriteOptions } from './change-numbers.ts';
import { admitEvent } from './door.ts';
import { eventDigest, storedProperties, uniqueIdOf, type EventWrite } from './event.ts';
import { claimKeys, enterKeys, insertEvents, type EventRow } from './event-rows.ts';
import type { KnownPeople } from './known-people.ts';
import { ensureMetrics, findMetrics, metricKey } from './metrics.ts';
import { ProfileBook, type ProfileProblem } from './profile-book.ts';
import type { ProfileIndex } from './profile-index.ts';

export interface RecordedEvents {
  /** Events that are new in the store. */
  readonly recorded: number;
  /** Events the store had already, or that stood twice in the batch; the first one stays. */
  readonly duplicates: number;
  /** Events left out, by their place in the batch. */
  readonly problems: readonly IndexedProblem[];
}

export interface RecordOptions extends WriteOptions {
  /** The writes are what `admitEvent` gave, and are not looked at again. */
  readonly admitted?: boolean;
  /** Done in the same transaction, with the outcome; when it throws, nothing is kept. */
  readonly alongside?: (tx: Tx, recorded: RecordedEvents) => Promise<void>;
  /**
   * For batches that follow one another: what each has read of people. Their `last_event_date` is then left to
   * `enterEventDates`, which is to be called after the last batch.
   */
  readonly people?: KnownPeople | undefined;
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
 * is recorded.
 */
export async function recordEvents(
  db: Database,
  accountId: number,
  writes: readonly EventWrite[],
  options: RecordOptions = {},
): Promise<RecordedEvents> {
  const refused: IndexedProblem[] = [];
  const prepared = options.admitted ? writes.map(prepareOne) : await prepare(writes, refused);
  if (prepared.length === 0 && !options.alongside) return { recorded: 0, duplicates: 0, problems: refused };
  const metrics = metricsOf(prepared);
  // metrics never go, so what is found before the lock holds
  const knownMetrics = await findMetrics(db, accountId, metrics);

  const write =
    (allNew: boolean) =>
    async (tx: Tx, numbers: ChangeNumbers): Promise<RecordedEvents> => {
      const metricIds = knownMetrics ?? (await ensureMetrics(tx, numbers, accountId, metrics));
      const known = options.people?.take(numbers);
      const batch: BatchWrite = { tx, numbers, accountId, metricIds, known, rows: new Map(), problems: [...refused] };
      if (known) numbers.leaveUndated();
      let result: RecordedEvents = { recorded: 0, duplicates: 0, problems: batch.problems };
      const alongside = async (recorded: number): Promise<void> => {
        const { problems } = batch;
        result = { recorded, duplicates: writes.length - problems.length - recorded, problems };
        await options.alongside?.(tx, result);
      };
      await (allNew ? writeAllNew(batch, prepared, alongside) : writeNew(batch, prepared, alongside));
      return result;
    };
  const attempt = async (allNew: boolean): Promise<RecordedEvents> => {
    const recorded = await withAccountWrite(db, accountId, write(allNew), options);
    options.people?.keep();
    return recorded;
  };

  try {
    return await attempt(true);
  } catch (error) {
    if (error !== someAreKnown) throw error;
    return attempt(false);
  }
}

type IndexedProblem = ProfileProblem & { readonly index: number };

interface BatchWrite {
  readonly tx: Tx;
  readonly numbers: ChangeNumbers;
  readonly accountId: number;
  readonly metricIds: ReadonlyMap<string, string>;
  /** People who are known already; then their dates are left for later. */
  readonly known: ProfileIndex | undefined;
  /** By their digest, so that one that stands twice is there once. */
  readonly rows: Map<string, EventRow>;
  readonly problems: IndexedProblem[];
}

/** What is told how many events are new, and done with them. */
type Alongside = (recorded: number) => Promise<void>;

/** Thrown to roll back a batch that was taken to be all new. */
const someAreKnown = new Error('some events of the batch are known');

/**
 * The usual case, that no event is known yet, is tried first: then nothing depends on which keys are new, and the events of
 * one part are written while the next part's people are looked up. @throws someAreKnown
 */
async function writeAllNew(batch: BatchWrite, prepared: readonly Prepared[], alongside: Alongside): Promise<void> {
  let part: EventRow[] = [];
  await ProfileBook.through(batch.tx, batch.numbers, batch.accountId, prepared, {
    known: batch.known,
    about: ({ write }) => write.profile,
    each(book, one) {
      const row = resolve(one, book, batch);
      if (!row) return;
      date(row, book, batch);
      part.push(row);
    },
    afterPart() {
      const rows = part;
      part = [];
      return insertAllNew(batch, rows);
    },
    async atEnd(book) {
      await Promise.all([book.save(), alongside(batch.rows.size)]);
    },
  });
}

async function insertAllNew({ tx, numbers, accountId }: BatchWrite, rows: readonly EventRow[]): Promise<void> {
  // a known event fails both; the keys say why
  const keys = enterKeys(tx, accountId, rows).catch((error: unknown) => {
    throw isUniqueViolation(error, 'event_key_pkey') ? someAreKnown : error;
  });
  for (const one of await Promise.allSettled([keys, insertEvents(tx, numbers, accountId, rows)])) {
    if (one.status === 'rejected') throw one.reason;
  }
}

async function writeNew(batch: BatchWrite, prepared: readonly Prepared[], alongside: Alongside): Promise<void> {
  const { tx, numbers, accountId, rows, known } = batch;
  const book = await ProfileBook.through(tx, numbers, accountId, prepared, {
    known,
    about: ({ write }) => write.profile,
    each: (book, one) => void resolve(one, book, batch),
  });
  const fresh = await claimKeys(tx, accountId, [...rows.values()]);
  for (const row of fresh) date(row, book, batch);
  await book.save();
  await insertEvents(tx, numbers, accountId, fresh);
  await alongside(fresh.length);
}

/** A profile that is about to be made gets its date at once: that costs nothing. */
function date({ profile, write }: EventRow, book: ProfileBook, { known }: BatchWrite): void {
  if (!known || !profile.stored) book.sawEvent(profile, write.datetime.getTime());
}

async function prepare(writes: readonly EventWrite[], problems: IndexedProblem[]): Promise<Prepared[]> {
  const now = new Date();
  const prepared = await mapInTurns(writes, (given, index) => {
    const admitted = admitEvent(given, now);
    if ('write' in admitted) return prepareOne(admitted.write, index);
    const [{ path, message }] = admitted.problems;
    problems.push({ index, code: 'invalid', path, message });
    return null;
  });
  return prepared.filter((one) => one !== null);
}

function prepareOne(write: EventWrite, index: number): Prepared {
  return { index, write, uniqueId: uniqueIdOf(write), properties: storedProperties(write) };
}

function metricsOf(prepared: readonly Prepared[]): EventWrite['metric'][] {
  const metrics = new Map(prepared.map(({ write }) => [metricKey(write.metric), write.metric]));
  return [...metrics.values()];
}

/** Adds the event with its person to the batch's rows, or to its problems; null also for one that stands there already. */
function resolve(
  { index, write, uniqueId, properties }: Prepared,
  book: ProfileBook,
  { metricIds, rows, problems }: BatchWrite,
): EventRow | null {
  const applied = book.apply(write.profile, 'lenient');
  if ('problem' in applied) {
    problems.push({ index, ...applied.problem, path: `profile/${applied.problem.path}` });
    return null;
  }
  const { profile } = applied;
  const metricId = metricIds.get(metricKey(write.metric)) ?? '';
  const digest = eventDigest(profile.id, metricId, uniqueId);
  if (rows.has(digest)) return null;
  const row: EventRow = { profile, metricId, uniqueId, digest, write, properties };
  rows.set(digest, row);
  return row;
}
