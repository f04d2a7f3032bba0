/** DuckDB gives no codes, only texts; file errors are found by Node first (`database-file.ts`), so that these are few. */
import { sharedRules, type ErrorRule } from '../rules.ts';
import { stagedReaderRules } from '../staged-reader.ts';

export const duckdbRules: readonly ErrorRule[] = [
  { code: 'DESTINATION_LOCKED', pattern: /Could not set lock on file/ },
  {
    code: 'FILE_CORRUPT',
    pattern: /not a valid DuckDB database file/,
    summary: 'The file exists, but it is not a DuckDB database.',
    advice: 'Choose another path, or move the file away; Wharf never overwrites a file it does not know.',
  },
  {
    code: 'FILE_CORRUPT',
    pattern: /Corrupt database file|Could not read enough bytes from file|Failed to load metadata pointer/,
    summary: 'The DuckDB file is damaged.',
  },
  {
    code: 'FILE_CORRUPT',
    pattern: /database file with version number|Serialization Error/,
    summary: 'The DuckDB file was written by a version of DuckDB that Wharf cannot read.',
    advice: 'Export it with that version to the storage format of DuckDB 1.5 or older, or choose another path.',
  },
  {
    code: 'NOT_FOUND_DATABASE',
    vendorCodes: ['ENOENT', 'ENOTDIR'],
    phase: 'open',
    summary: 'The folder of the database file does not exist.',
    advice: 'Make the folder, or correct the path.',
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['EISDIR'],
    summary: 'The path is a folder, not a file.',
    advice: 'Enter the path of a file in that folder.',
  },
  {
    code: 'PERMISSION_MISSING',
    pattern: /IO Error: .*(Permission denied|Read-only file system)|opened in read-only mode/,
    summary: 'The database file may not be written by the user that runs Wharf.',
    advice: 'Give that user the right to write the file and its folder, or choose another path.',
  },
  {
    code: 'CAPACITY',
    pattern: /No space left on device|File too large|Disk quota exceeded/,
    summary: 'The disk of the database file is full.',
    advice: 'Free space on that disk; the file stays as it was before the batch.',
  },
  {
    code: 'SCHEMA_MISMATCH',
    pattern: /Binder Error|Catalog Error/,
    summary: 'A table is not as Wharf made it.',
  },
  { code: 'CONCURRENCY', pattern: /TransactionContext Error: .*[Cc]onflict/ },
  ...stagedReaderRules,
  ...sharedRules,
];
