/** Errors as DuckDB 1.5 and Node worded them. */
import { sharedFixtures, stagedReaderFixtures, type ErrorFixture } from '../testing/catalogue.ts';

const said = (message: string) => ({ name: 'Error', message });

export const duckdbFixtures: readonly ErrorFixture[] = [
  {
    code: 'DESTINATION_LOCKED',
    error: said(
      'IO Error: Could not set lock on file "/data/w.duckdb": Conflicting lock is held in /usr/bin/duckdb (PID 8027). See also https://duckdb.org/docs/stable/connect/concurrency',
    ),
  },
  {
    code: 'FILE_CORRUPT',
    error: said('IO Error: The file "/data/w.duckdb" exists, but it is not a valid DuckDB database file!'),
  },
  {
    code: 'FILE_CORRUPT',
    error: said(
      'IO Error: Corrupt database file: computed checksum 17923573761162428938 does not match stored checksum 506381209866536711 in block at location 8192',
    ),
  },
  {
    code: 'FILE_CORRUPT',
    error: said(
      'IO Error: Could not read enough bytes from file "/data/w.duckdb": attempted to read 262144 bytes from location 153104384',
    ),
  },
  {
    code: 'FILE_CORRUPT',
    error: said(
      'IO Error: Trying to read a database file with version number 999, but we can only read versions between 64 and 67.',
    ),
  },
  {
    code: 'NOT_FOUND_DATABASE',
    phase: 'open',
    error: { ...said("ENOENT: no such file or directory, realpath '/missing'"), code: 'ENOENT' },
  },
  {
    code: 'SETTINGS_INVALID',
    phase: 'open',
    error: { ...said("EISDIR: the path is a folder, '/data/w.duckdb'"), code: 'EISDIR' },
  },
  { code: 'PERMISSION_MISSING', error: said('IO Error: Cannot open file "/sys/w.duckdb": Permission denied') },
  { code: 'PERMISSION_MISSING', error: said('IO Error: Cannot open file "/ro/w.duckdb": Read-only file system') },
  {
    code: 'CAPACITY',
    error: said('IO Error: Could not write file "/data/w.duckdb": No space left on device'),
  },
  { code: 'CAPACITY', error: said('IO Error: Could not write file "/data/w.duckdb": File too large') },
  {
    code: 'SCHEMA_MISMATCH',
    error: said('Binder Error: Table "klaviyo_event" does not have a column with name "uuid"'),
  },
  {
    code: 'SCHEMA_MISMATCH',
    error: said('Catalog Error: Existing object klaviyo_event is of type View, trying to replace with type Table'),
  },
  {
    code: 'CONCURRENCY',
    error: said('TransactionContext Error: Failed to commit: write-write conflict on key: "m1"'),
  },
  ...stagedReaderFixtures,
  ...sharedFixtures,
];
