import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckStep } from '../destination.ts';
import { tables } from '../tables.ts';
import { AppError } from '../../kernel/app-error.ts';
import type { DatabaseFile } from './database-file.ts';
import { checkTable, prepareTable } from './schema.ts';

const lowSpaceBytes = 1024 ** 3;

interface Probe {
  readonly id: string;
  readonly label: string;
  /** Resolves to what was found. */
  run(file: DatabaseFile): Promise<string>;
}

const probes: readonly Probe[] = [
  {
    id: 'tables',
    label: 'Tables have the right columns',
    run: async ({ connection }) => {
      const missing = [];
      for (const table of Object.values(tables)) {
        if ((await checkTable(connection, table)) === 'missing') missing.push(table.name);
      }
      return missing.length === 0 ? 'All three are there.' : `Made at the first load: ${missing.join(', ')}.`;
    },
  },
  {
    id: 'probe',
    label: 'A probe row can be written',
    run: async ({ connection }) => {
      await connection.run('BEGIN');
      try {
        for (const table of Object.values(tables)) await prepareTable(connection, table);
        await connection.run(`INSERT INTO klaviyo_metric (id, _change_number) VALUES ('wharf-probe', 0)`);
      } finally {
        await connection.run('ROLLBACK');
      }
      return 'Written and rolled back.';
    },
  },
];

/** Steps of the connection check; a failed opening skips the rest. */
export async function* checkFile(
  path: string,
  open: () => Promise<DatabaseFile>,
  translate: (error: unknown) => AppError,
): AsyncIterable<CheckStep> {
  yield { id: 'settings', label: 'The fields are well formed', outcome: 'passed' };
  let file: DatabaseFile | null = null;
  try {
    file = await open();
    const message = file.created ? 'The file does not exist yet; it can be made.' : 'The file can be opened.';
    yield { id: 'reach', label: 'The file can be opened for writing', outcome: 'passed', message };
  } catch (error) {
    yield { id: 'reach', label: 'The file can be opened for writing', outcome: 'failed', error: translate(error) };
  }
  for (const { id, label, run } of probes) {
    if (!file) {
      yield { id, label, outcome: 'skipped', message: 'The file could not be opened.' };
      continue;
    }
    const opened = file;
    try {
      yield { id, label, outcome: 'passed', message: await opened.exclusive(() => run(opened)) };
    } catch (error) {
      yield { id, label, outcome: 'failed', error: translate(error) };
    }
  }
  yield await checkSpace(path);
}

async function checkSpace(path: string): Promise<CheckStep> {
  const step = { id: 'space', label: 'The disk has room' };
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    const free = bavail * bsize;
    const gib = (free / 1024 ** 3).toFixed(1);
    if (free >= lowSpaceBytes) return { ...step, outcome: 'passed', message: `Free space: ${gib} GiB.` };
    return {
      ...step,
      outcome: 'failed',
      error: new AppError('CAPACITY', { summary: `The disk has only ${gib} GiB left.` }),
    };
  } catch {
    return { ...step, outcome: 'skipped', message: 'The free space of that disk cannot be read.' };
  }
}
