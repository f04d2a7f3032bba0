/** What a person can get wrong with a DuckDB file, and what they are told. */
import { join } from 'node:path';
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';

/** A folder with a DuckDB file in which everything is right, and ways to break it. */
export interface DuckdbBench extends WrongFieldBench, AsyncDisposable {
  readonly folder: string;
  readonly settings: { readonly name: string; readonly path: string };
  /** Runs statements in the file as another program between runs. */
  run(...statements: readonly string[]): Promise<void>;
  /** Another program opens the file and keeps it. */
  hold(): Promise<void>;
  /** Makes a file with this content, or a folder, and gives its path. */
  make(name: string, content: string | 'folder'): Promise<string>;
}

export const wrongFields: readonly WrongField<DuckdbBench>[] = [
  {
    wrong: 'an empty name',
    settings: ({ settings }) => ({ ...settings, name: ' ' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^name: Enter a name\..*Correct the field/,
  },
  {
    wrong: 'a path that does not begin at the root',
    settings: ({ settings }) => ({ ...settings, path: 'warehouse.duckdb' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^path: Enter the whole path, from the root folder on\./,
  },
  {
    wrong: 'a file name of another kind',
    settings: ({ folder, settings }) => ({ ...settings, path: join(folder, 'warehouse.csv') }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^path: The file name must end in \.duckdb, \.ddb or \.db\./,
  },
  {
    wrong: 'a file outside the folder that the operator allows',
    settings: ({ settings }) => ({ ...settings, path: '/elsewhere/warehouse.duckdb' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^path: The operator of this installation allows files in \S+ only/,
  },
  {
    wrong: 'a folder that does not exist',
    settings: ({ folder, settings }) => ({ ...settings, path: join(folder, 'gone', 'warehouse.duckdb') }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^path: .* in a folder that exists\./,
  },
  {
    wrong: 'a folder instead of a file',
    settings: async ({ settings, make }) => ({ ...settings, path: await make('folder.duckdb', 'folder') }),
    code: 'SETTINGS_INVALID',
    step: 'reach',
    says: /The path is a folder, not a file\. Enter the path of a file in that folder\./,
  },
  {
    wrong: 'a file that is no DuckDB database',
    settings: async ({ settings, make }) => ({ ...settings, path: await make('notes.db', 'notes\n'.repeat(5000)) }),
    code: 'FILE_CORRUPT',
    step: 'reach',
    says: /not a DuckDB database\. Choose another path, or move the file away/,
  },
  {
    wrong: 'a file that another program keeps open',
    settings: async ({ settings, hold }) => {
      await hold();
      return settings;
    },
    code: 'DESTINATION_LOCKED',
    step: 'reach',
    says: /Another program has the warehouse file open\. Close the program/,
  },
  {
    wrong: 'a column of another type',
    settings: async ({ settings, run }) => {
      await run('CREATE TABLE klaviyo_event (id VARCHAR, datetime VARCHAR)');
      return settings;
    },
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /klaviyo_event: datetime is VARCHAR, not TIMESTAMP\. Run in the DuckDB file: ALTER TABLE "klaviyo_event"/,
  },
  {
    wrong: 'a table of the same name without a key',
    settings: async ({ settings, run }) => {
      await run('CREATE TABLE klaviyo_profile (email VARCHAR)');
      return settings;
    },
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /klaviyo_profile has no column id\. Rename the table/,
  },
];
