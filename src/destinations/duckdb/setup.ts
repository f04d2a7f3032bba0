import type { SetupScript } from '../destination.ts';
import { tables } from '../tables.ts';
import type { DuckdbSettings } from './spec.ts';
import { createTable } from './sql.ts';

/** Nothing has to be run: the script shows the tables that Wharf makes by itself. */
export function setup(settings: Partial<DuckdbSettings>): SetupScript {
  const path = settings.path?.trim() ? settings.path.trim() : '/path/to/warehouse.duckdb';
  const statements = Object.values(tables).map((table) => `${createTable(table)};`);
  return {
    language: 'sql',
    text: `-- ${path.replaceAll(/\s/g, ' ')}\n\n${statements.join('\n\n')}\n`,
    instructions: [
      'Nothing has to be run: Wharf makes the file and these tables at the first load.',
      'The folder of the file must exist, and the user that runs Wharf must be allowed to write in it.',
      'Wharf holds the file only while it loads; in between any program may open it, best read-only.',
    ],
  };
}
