import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { DestinationSpec } from '../destination.ts';
import { isInFolder } from './allowed-folder.ts';

export interface DuckdbSettings {
  /** Shown in lists. */
  readonly name: string;
  /** Absolute path of the database file on the machine that runs Wharf; made when missing. */
  readonly path: string;
}

/** @param folder where the operator lets files be; null = anywhere */
export function duckdbSpec(folder: string | null): DestinationSpec<DuckdbSettings> {
  const where = folder === null ? 'The folder must exist' : `It must be in ${folder}, in a folder that exists`;
  return {
    kind: 'duckdb',
    label: 'DuckDB (local)',
    fields: [
      {
        name: 'name',
        label: 'Name',
        help: 'How this destination is called in lists.',
        required: true,
        secret: false,
        input: 'line',
        default: 'DuckDB',
      },
      {
        name: 'path',
        label: 'File path',
        help: `Absolute path on the machine that runs Wharf, for example ${folder ?? '/var/lib/wharf'}/warehouse.duckdb. ${where}; the file is made.`,
        required: true,
        secret: false,
        input: 'line',
        place: 'inside',
      },
    ],
    settings: settingsIn(folder),
    // one file has one writer: batches queue inside the process
    limits: { parallelLoads: 1, rowsPerBatch: 1_000_000 },
  };
}

function settingsIn(folder: string | null): z.ZodType<DuckdbSettings> {
  return z.object({
    name: z.string().trim().min(1, 'Enter a name.').max(100, 'At most 100 characters.'),
    path: z
      .string()
      .trim()
      .max(1000, 'At most 1000 characters.')
      .refine((path) => isAbsolute(path) && !path.includes('\0'), {
        message: 'Enter the whole path, from the root folder on.',
        abort: true,
      })
      .refine((path) => /\.(duckdb|ddb|db)$/i.test(path), 'The file name must end in .duckdb, .ddb or .db.')
      .refine(
        (path) => folder === null || isInFolder(path, folder),
        `The operator of this installation allows files in ${folder} only, in a folder that exists.`,
      ),
  });
}
