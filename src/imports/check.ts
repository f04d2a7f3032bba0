/** The first step of an import: its columns are certain, or a person is asked, or it cannot be read. */
import type { ImportRow } from './import-table.ts';
import { keepPlan, keepTrouble } from './import-table.ts';
import { inspect, sampleBytes, type Inspection } from './inspect.ts';
import { headerKey, type Mapping } from './mapping.ts';
import { rememberedMapping } from './mappings-table.ts';
import type { ImportsDeps } from './parts.ts';
import type { Remark } from './import.ts';

type Deps = Pick<ImportsDeps, 'db' | 'files' | 'clock' | 'log'>;

/** The beginning of a file, as much as is looked at. */
export async function readSample(
  { files }: Pick<ImportsDeps, 'files'>,
  file: { readonly storedName: string; readonly bytes: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of files.read(file.storedName, 0, Math.min(file.bytes, sampleBytes), signal))
    blocks.push(block);
  return Buffer.concat(blocks);
}

export async function checkFile(
  deps: Deps,
  accountId: number,
  row: ImportRow & { readonly storedName: string },
  signal: AbortSignal,
): Promise<void> {
  const { db, clock, log } = deps;
  const sample = await readSample(deps, row, signal);
  const found = inspect(row.object, sample, row.bytes <= sample.length);
  const now = clock.now();
  if (!('mapping' in found)) {
    await keepTrouble(db, accountId, row.id, { status: 'failed', trouble: found, now });
    log.info({ accountId, importId: row.id, reason: found.message }, 'import.failed');
    return;
  }
  const key = headerKey(row.object, found.headers);
  const remembered = await rememberedMapping(db, accountId, key);
  const status = isCertain(found, remembered) ? 'in_progress' : 'review';
  await keepPlan(db, accountId, row.id, {
    status,
    layout: { ...found.layout, headers: found.headers, first: found.first },
    headerKey: key,
    mapping: remembered ?? found.mapping,
    remarks: status === 'review' ? found.doubts : await remarksOn(deps, row, found, signal),
    now,
  });
  log.info({ accountId, importId: row.id, status }, 'import.checked');
}

/**
 * A mapping that names the metric of the whole file is proposed again, never taken: another file with the same headers
 * may well be about another metric.
 */
function isCertain(found: Inspection, remembered: Mapping | null): boolean {
  return remembered ? remembered.metric === null : found.doubts.length === 0;
}

async function remarksOn(
  { files }: Deps,
  row: ImportRow & { readonly storedName: string },
  { first }: Inspection,
  signal: AbortSignal,
): Promise<Remark[]> {
  const remarks: Remark[] = [];
  const say = (message: string): void => void remarks.push({ row: null, column: null, message });
  if (first.offset >= row.bytes) say('The file has a header, but no rows.');
  for await (const end of files.read(row.storedName, row.bytes - 1, row.bytes, signal)) {
    if (!/[\r\n]/.test(end.toString('latin1')))
      say('The file does not end with a line break: its last row may be cut off.');
  }
  return remarks;
}
