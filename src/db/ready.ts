import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../kernel/app-error.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Sql } from './database.ts';

const pauseMs = 250;

/**
 * Resolves when the database answers. Machines that start together start in any order, and a PostgreSQL that crashed
 * takes a while to recover.
 * @throws AppError STORE_UNAVAILABLE when it does not answer for so long; at once what waiting would not change
 */
export async function untilReady(sql: Sql, log: Logger, patienceMs = 60_000): Promise<void> {
  const end = performance.now() + patienceMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      await sql.query('select 1');
      return;
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'STORE_UNAVAILABLE';
      if (!isAway || performance.now() >= end) throw error;
      if (isFirst) log.warn({ reason: error.externalMessage }, 'database.waiting');
    }
    await wait(pauseMs);
  }
}
