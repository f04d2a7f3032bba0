/** The work of an import, in the background. It may be killed anywhere: progress is committed with the rows. */
import type { Tx } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import type { JobHandler } from '../queue/queue.ts';
import { recordEventsInBulk, upsertProfilesInBulk, type BulkOptions, type BulkOutcome } from '../store/bulk.ts';
import { KnownPeople } from '../store/known-people.ts';
import { enterEventDates } from '../store/event-dates.ts';
import { canonicalEmail, canonicalPhone } from '../store/door.ts';
import { batchesOf, placeOfWrite, skippedRow, type Batch } from './batches.ts';
import { columnOf, type Cells } from './cells.ts';
import { checkFile } from './check.ts';
import { readRows, type Place } from './csv/rows.ts';
import { findDuplicates, type Duplicates, type IdentifierColumn } from './duplicates.ts';
import { compileEvents } from './event-rows.ts';
import { nullMarker } from './fields.ts';
import { missingFile } from './files.ts';
import {
  countFailure,
  findImport,
  keepEnd,
  keepProgress,
  keepTrouble,
  type FileLayout,
  type ImportRow,
} from './import-table.ts';
import type { Mapping } from './mapping.ts';
import type { ImportsDeps } from './parts.ts';
import { compileProfiles } from './profile-rows.ts';
import { keepSkipped, type SkippedRow } from './skipped-table.ts';

/** After so many failures without a row done it is no passing trouble. */
const maxFailures = 12;

export function importHandler(deps: ImportsDeps): JobHandler<'imports.run'> {
  return async ({ accountId, importId }, signal) => {
    try {
      await runImport(deps, accountId, importId, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const isOver = await noteFailure(deps, accountId, importId, error);
      // the queue tries again, later and later
      if (!isOver) throw error;
    }
    // also when it was cancelled or has failed: what is in stays in
    await enterEventDates(deps.db, accountId);
  };
}

async function runImport(deps: ImportsDeps, accountId: number, importId: string, signal: AbortSignal): Promise<void> {
  const found = await openImport(deps, accountId, importId);
  if (found?.status === 'checking') await checkFile(deps, accountId, found, signal);
  const row = found?.status === 'checking' ? await openImport(deps, accountId, importId) : found;
  if (row?.status !== 'in_progress' || !row.layout || !row.mapping) return;
  const work: Work = { ...deps, accountId, row, layout: row.layout, mapping: row.mapping, signal };
  const isDone = row.object === 'profiles' ? await importProfiles(work) : await importEvents(work);
  if (!isDone) return;
  await enterEventDates(deps.db, accountId);
  await keepEnd(deps.db, accountId, importId, deps.clock.now());
  deps.log.info({ accountId, importId }, 'import.ended');
}

type StoredImport = ImportRow & { readonly storedName: string };

async function openImport(deps: ImportsDeps, accountId: number, importId: string): Promise<StoredImport | null> {
  const row = await findImport(deps.db, accountId, importId);
  if (!row) return null;
  if (row.storedName === null) throw missingFile();
  return { ...row, storedName: row.storedName };
}

interface Work extends ImportsDeps {
  readonly accountId: number;
  readonly row: StoredImport;
  readonly layout: FileLayout;
  readonly mapping: Mapping;
  readonly signal: AbortSignal;
}

async function importProfiles(work: Work): Promise<boolean> {
  const { db, accountId, row, mapping } = work;
  return importRows(work, {
    read: compileProfiles(mapping, row.mayConsent),
    duplicates: await repeatedPeople(work),
    write: (writes, options) => upsertProfilesInBulk(db, accountId, writes, options),
  });
}

function importEvents(work: Work): Promise<boolean> {
  const { db, accountId, mapping } = work;
  const people = new KnownPeople();
  return importRows(work, {
    read: compileEvents(mapping),
    duplicates: null,
    write: (writes, options) => recordEventsInBulk(db, accountId, writes, { ...options, people }),
  });
}

interface Way<Write> {
  readonly read: (cells: Cells) => Write;
  readonly duplicates: Duplicates | null;
  readonly write: (writes: readonly Write[], options: BulkOptions) => Promise<BulkOutcome>;
}

/** Thrown inside the transaction, so that nothing of the batch is kept. */
const overtaken = new Error('another worker has done these rows, or the import was cancelled');

/**
 * False when somebody else goes on with it, or nobody. While PostgreSQL has a batch in hand the next one is read and checked, so that
 * it can follow at once; there are never more than these two.
 */
async function importRows<Write>(work: Work, { read, duplicates, write }: Way<Write>): Promise<boolean> {
  const { row, layout } = work;
  const place = { row: row.nextRow, offset: row.nextOffset };
  const batches = batchesOf(rowsFrom(work, place), place.row, { headers: layout.headers, read, duplicates });
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches) {
      work.signal.throwIfAborted();
      const before = writing;
      writing = writeBatch(work, batch, write, before);
      // seen by an await further on; until then it must not count as unhandled
      writing.catch(() => undefined);
      await before;
    }
    await writing;
    return true;
  } catch (error) {
    await writing.catch(() => undefined);
    if (error === overtaken) return false;
    throw error;
  }
}

async function writeBatch<Write>(
  work: Work,
  batch: Batch<Write>,
  write: Way<Write>['write'],
  after: Promise<void>,
): Promise<void> {
  const alongside = (tx: Tx, outcome: BulkOutcome): Promise<void> => keepBatch(work, batch, tx, outcome);
  if (batch.writes.length > 0) return void (await write(batch.writes, { alongside, after }));
  await after;
  await work.db.transaction((tx) => alongside(tx, nothing));
}

const nothing: BulkOutcome = { created: 0, updated: 0, unchanged: 0, problems: [] };

async function keepBatch<Write>(work: Work, batch: Batch<Write>, tx: Tx, outcome: BulkOutcome): Promise<void> {
  const { accountId, row, clock } = work;
  const skipped = [...batch.skipped, ...refusedRows(work, batch, outcome)].sort((a, b) => a.row - b.row);
  const { created, updated, unchanged } = outcome;
  const kept = await keepProgress(tx, accountId, row.id, {
    row: batch.row,
    nextRow: batch.nextRow,
    nextOffset: batch.nextOffset,
    rows: { created, updated, unchanged, skipped: skipped.length },
    now: clock.now(),
  });
  if (!kept) throw overtaken;
  await keepSkipped(tx, accountId, row.id, skipped);
}

/** What the store did not take, told by the column it came from. */
function refusedRows<Write>({ mapping, layout }: Work, batch: Batch<Write>, outcome: BulkOutcome): SkippedRow[] {
  return outcome.problems.flatMap(({ index, path, message }) => {
    const row = placeOfWrite(batch, index);
    return row ? [skippedRow(row, layout.headers, columnAt(mapping, path), message)] : [];
  });
}

function columnAt(mapping: Mapping, path: string): number | null {
  const field = path.replace(/^profile\//, '');
  const property = /^properties\/([^/]+)/.exec(field)?.[1];
  const index =
    property === undefined
      ? columnOf(mapping, field)
      : mapping.columns.findIndex((column) => column.property === property);
  return index === -1 ? null : index;
}

function rowsFrom({ files, row, layout, signal }: Work, place: Place): ReturnType<typeof readRows> {
  return readRows(files.read(row.storedName, place.offset, null, signal), layout, layout.headers.length, place);
}

/** Looked for from the first row on, also when the import goes on in the middle. */
function repeatedPeople(work: Work): Promise<Duplicates> {
  const { layout, mapping, options, signal } = work;
  const columns = identifiers.flatMap(({ field, canonical }): IdentifierColumn[] => {
    const index = columnOf(mapping, field);
    return index === -1 ? [] : [{ index, canonical }];
  });
  return findDuplicates(rowsFrom(work, layout.first), columns, { tempDir: options.tempDir, signal });
}

/** What cannot be the identifier is refused later, with a better reason. */
const identifiers = [
  { field: 'id', canonical: exactId },
  { field: 'external_id', canonical: exactId },
  { field: 'email', canonical: canonicalEmail },
  { field: 'phone_number', canonical: canonicalPhone },
] as const;

function exactId(cell: string): string | null {
  return cell === nullMarker ? null : cell;
}

/** True when the import is over by it. */
async function noteFailure(deps: ImportsDeps, accountId: number, importId: string, error: unknown): Promise<boolean> {
  const { db, clock, log } = deps;
  const known = error instanceof AppError ? error : null;
  log.warn({ accountId, importId, err: error }, 'import.interrupted');
  const isPassing = known ? known.remedy === 'retry' || known.remedy === 'wait' : isDiskTrouble(error);
  if (isPassing) return false;
  const isFinal = known !== null || (await countFailure(db, accountId, importId)) >= maxFailures;
  if (!isFinal) return false;
  const trouble = known
    ? { message: known.summary, advice: known.advice }
    : { message: 'The import stopped for a reason Wharf does not know yet.', advice: 'Please report it with its id.' };
  await keepTrouble(db, accountId, importId, { status: 'failed', trouble, now: clock.now() });
  return true;
}

/** A full disk, a broken mount: the operator mends it, and the import goes on. */
function isDiskTrouble(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
