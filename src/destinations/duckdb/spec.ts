import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { DestinationSpec } from '../destination.ts';

export interface DuckdbSettings {
  /** Shown in lists. */
  readonly name: string;
  /** Absolute path of the database file on the machine that runs Wharf; made when missing. */
  readonly path: string;
}

const settings = z.object({
  name: z.string().trim().min(1, 'Enter a name.').max(100, 'At most 100 characters.'),
  path: z
    .string()
    .trim()
    .max(1000, 'At most 1000 characters.')
    .refine((path) => isAbsolute(path) && !path.includes('\0'), 'Enter the whole path, from the root folder on.')
    .refine((path) => /\.(duckdb|ddb|db)$/i.test(path), 'The file name must end in .duckdb, .ddb or .db.'),
}) satisfies z.ZodType<DuckdbSettings>;

export const spec: DestinationSpec<DuckdbSettings> = {
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
      help: 'Absolute path on the machine that runs Wharf, for example /var/lib/wharf/warehouse.duckdb. The folder must exist; the file is made.',
      required: true,
      secret: false,
      input: 'line',
    },
  ],
  settings,
  // one file has one writer: batches queue inside the process
  limits: { parallelLoads: 1, rowsPerBatch: 500_000 },
};
