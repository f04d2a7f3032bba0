/** One chunk from claim to outcome: stage, load, record. Each step can be the last one before a crash. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../destinations/tables.ts';
import type { AnyDestination, Receipt, StagedBatch, StagedFormat } from '../destinations/destination.ts';
import { toAppError } from '../kernel/app-error.ts';
import { takeLoadPlace, type ClaimedChunk } from './claim.ts';
import { destinationOf, openSettings, readSettings } from './destination-access.ts';
import type { ExportsDeps } from './parts.ts';
import { recordFailure } from './failure.ts';
import { recordLoaded, recordStaged, recordUnstaged } from './outcome.ts';
import type { RowRange } from './rows.ts';
import type { StagedObject } from './stage-store.ts';
import { stageRows } from './stage.ts';

type Deps = Pick<ExportsDeps, 'db' | 'destinations' | 'stage' | 'sealingKeys' | 'clock' | 'log'> & {
  readonly tempDir: string;
};

interface StagedChunk {
  readonly files: readonly StagedObject[];
  readonly rows: number;
  readonly replacedCounts: readonly number[];
}

const placePollMs = 50;
const extensions: Record<StagedFormat, string> = {
  'json-lines': 'jsonl.gz',
  'flat-json-lines': 'flat.gz',
  csv: 'csv.gz',
};

/** Never throws: what went wrong is recorded, or, when even that fails, left to whoever claims the chunk next. */
export async function workOnChunk(deps: Deps, chunk: ClaimedChunk, signal: AbortSignal): Promise<void> {
  const log = deps.log.child({ account: chunk.accountId, sync: chunk.syncId, run: chunk.runId, chunk: chunk.id });
  try {
    const staged = await stageAndLoad(deps, chunk, signal);
    log.info({ rows: staged.rows, fence: chunk.fence }, 'export.chunk.loaded');
    await removeFiles(deps, chunk);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (signal.aborted || error.code === 'FENCED') {
      log.info({ fence: chunk.fence }, 'export.chunk.let-go');
      return;
    }
    log.warn({ err: error, fence: chunk.fence }, 'export.chunk.failed');
    await recordFailure(deps.db, chunk, error, deps.clock.now()).catch((reason: unknown) =>
      log.error({ err: reason }, 'export.failure.unrecorded'),
    );
  }
}

async function stageAndLoad(deps: Deps, chunk: ClaimedChunk, signal: AbortSignal): Promise<StagedChunk> {
  const destination = destinationOf(deps.destinations, chunk.destinationKind);
  const stored = await readSettings(deps.db, chunk.accountId, chunk.destinationId);
  const settings = openSettings(stored, deps.sealingKeys, chunk.accountId);
  const staged = await ensureStaged(deps, chunk, destination.stagedFormat(settings), signal);
  await waitForPlace(deps, chunk, destination.spec.limits.parallelLoads, signal);
  try {
    const receipt = await load(deps, chunk, staged, destination, settings, signal);
    await recordLoaded(deps.db, chunk, staged, receipt, deps.clock.now());
    return staged;
  } catch (thrown) {
    const error = toAppError(thrown);
    const useless =
      error.code === 'LOAD_FILE_MISSING' || error.code === 'UPLOAD_CORRUPT' || error.code === 'COUNT_MISMATCH';
    if (useless && !signal.aborted) {
      await recordUnstaged(deps.db, chunk);
      await removeFiles(deps, chunk);
    }
    throw error;
  }
}

/** The files of an earlier attempt where they are still there and of use, else new ones. */
async function ensureStaged(
  deps: Deps,
  chunk: ClaimedChunk,
  format: StagedFormat,
  signal: AbortSignal,
): Promise<StagedChunk> {
  let { replacedCounts } = chunk;
  if (chunk.state === 'staged') {
    const files = chunk.files ?? [];
    if (inFormat(files, format) && (await allThere(deps, files, signal)))
      return { files, rows: chunk.stagedRows ?? 0, replacedCounts };
    await recordUnstaged(deps.db, chunk);
    replacedCounts = [...replacedCounts, chunk.stagedRows ?? 0];
  }
  const range: RowRange = chunk;
  const name = fileName(chunk, chunk.fence, format);
  const staged = await stageRows(deps.db, deps.stage, range, format, name, signal);
  await recordStaged(deps.db, chunk, staged, deps.clock.now());
  return { files: staged.files, rows: staged.staged, replacedCounts };
}

/** False once the customer's edit of the settings has changed the format. */
function inFormat(files: readonly StagedObject[], format: StagedFormat): boolean {
  return files.every(({ name }) => name.endsWith(`.${extensions[format]}`));
}

async function allThere(deps: Deps, files: readonly StagedObject[], signal: AbortSignal): Promise<boolean> {
  for (const file of files) {
    if (!(await deps.stage.has(file, signal))) return false;
  }
  return true;
}

async function waitForPlace(deps: Deps, chunk: ClaimedChunk, places: number, signal: AbortSignal): Promise<void> {
  while (!(await takeLoadPlace(deps.db, chunk, places))) {
    signal.throwIfAborted();
    await deps.clock.sleep(placePollMs, signal);
  }
}

async function load(
  deps: Deps,
  chunk: ClaimedChunk,
  staged: StagedChunk,
  destination: AnyDestination,
  settings: unknown,
  signal: AbortSignal,
): Promise<Receipt> {
  const tempDir = await mkdtemp(join(deps.tempDir, 'wharf-load-'));
  try {
    await using session = await destination.open(settings, { log: deps.log, tempDir });
    return await session.load(batchOf(deps, chunk, staged), signal);
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}

function batchOf(deps: Deps, chunk: ClaimedChunk, staged: StagedChunk): StagedBatch {
  return {
    id: chunk.id,
    runId: chunk.runId,
    syncId: chunk.syncId,
    table: tables[chunk.table],
    files: staged.files.map((file) => ({
      ...file,
      open: (signal) => deps.stage.open(file, signal),
      localPath: (signal) => deps.stage.localPath(file, signal),
    })),
    rows: staged.rows,
    window: { from: chunk.numberFrom, to: chunk.numberTo },
    fence: chunk.fence,
    createdAt: chunk.runCreatedAt,
  };
}

function fileName(chunk: ClaimedChunk, fence: number, format: StagedFormat): string {
  return `${chunk.accountId}-${chunk.id}-${fence}.${extensions[format]}`;
}

/** Of every attempt so far, so that nothing of a killed worker is left. What cannot be removed now is swept later. */
async function removeFiles(deps: Deps, chunk: ClaimedChunk): Promise<void> {
  const formats = Object.keys(extensions) as StagedFormat[];
  const names = Array.from({ length: chunk.fence }, (_, i) =>
    formats.map((format) => fileName(chunk, i + 1, format)),
  ).flat();
  await deps.stage.remove(names).catch((error: unknown) => deps.log.warn({ err: error }, 'export.stage.unremoved'));
}
