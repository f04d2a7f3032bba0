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
}
