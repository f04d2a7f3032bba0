/** What a load does, tried with one row that does not stay. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../../kernel/app-error.ts';
import { ulid } from '../../kernel/ids.ts';
import { metricTable, tables } from '../tables.ts';
import type { Link } from './link.ts';
import * as sql from './sql.ts';
import { stageRoot } from './stage.ts';

interface Tried {
  readonly place: sql.Place;
  readonly tempDir: string;
}

const fileName = 'probe.jsonl.gz';
const epoch = '1970-01-01T00:00:00';

/** Uploads a file into a folder of its own for the work, and removes it. */
async function withProbeFile<T>(
  link: Link,
  { tempDir }: Tried,
  signal: AbortSignal,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = `${stageRoot}probe-${ulid()}/`;
  const local = await mkdtemp(join(tempDir, 'probe-'));
  try {
    const path = join(local, fileName);
    await writeFile(path, gzipSync('{"id":"wharf-probe","_change_number":0,"_deleted":false}\n'));
    await link.run(sql.putFile(path, folder), signal);
    return await work(folder);
  } finally {
    await rm(local, { recursive: true, force: true });
    await link.run(sql.removeFolder(folder), signal).catch(() => undefined);
  }
}

export async function tryStage(link: Link, tried: Tried, signal: AbortSignal): Promise<string> {
  await withProbeFile(link, tried, signal, async (folder) => {
    const listed = await link.run(sql.listStage(folder), signal);
    if (listed.some((file) => String(file['name']).endsWith(fileName))) return;
    throw new AppError('UPLOAD_CORRUPT', { summary: 'The probe file did not arrive in the stage of Snowflake.' });
  });
  return 'Uploaded, listed and removed.';
}

/** COPY of the file, and every statement that writes into the tables; nothing is committed. */
export async function loadProbeRow(link: Link, tried: Tried, signal: AbortSignal): Promise<string> {
  const { place } = tried;
  await withProbeFile(link, tried, signal, async (folder) => {
    await link.run(sql.nothingByItself, signal);
    try {
      // an empty table makes a merge that does nothing but ask for its privileges
      for (const table of Object.values(tables)) {
        await link.run(sql.createStaged(place, table), signal);
        if (table === metricTable) await link.run(sql.copyStaged(place, table, folder), signal);
        await link.run(sql.mergeRows(place, table), signal, [epoch, table.name]);
        await link.run('ROLLBACK', signal);
      }
      await link.run(sql.buryDeletions(place), signal, [metricTable.name]);
      await link.run(sql.touchLedger(place), signal);
      // of no transaction: nothing is inserted
      await link.run(sql.insertLedger(place), signal, ['probe', '', '', '', 0, 0, 0, 0, 0, 0, epoch, '']);
    } finally {
      // the temporary table goes with the session: DROP would commit what a failed ROLLBACK left
      await link.run('ROLLBACK', signal).catch(() => undefined);
    }
  });
  return 'Loaded and rolled back.';
}
