import type { Database } from '../db/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Queue } from '../queue/queue.ts';
import type { ImportFiles } from './files.ts';

export interface ImportsDeps {
  readonly db: Database;
  readonly queue: Queue;
  readonly files: ImportFiles;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: ImportOptions;
}

export interface ImportOptions {
  /** For uploads that are under way and for scratch files. */
  readonly tempDir: string;
  /** How long a file stays after its import has ended, and with it the download of its skipped rows. */
  readonly keepDays: number;
  readonly maxFileBytes: number;
}
