import { once } from 'node:events';
import type { Database } from '../db/database.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import { removedKeyChannel } from '../store/ssh-keys.ts';
import { repeated } from './repeated.ts';

/** Calls back with the id of each SSH key as it is removed. While the database is away words are lost: keys must be looked up as well. */
export function removedKeys(db: Database, clock: Clock, log: Logger, onRemoved: (keyId: string) => void): Service {
  return repeated(
    clock,
    1000,
    async (signal) => {
      const client = await db.connect('wharf sftp keys');
      const ended = once(client, 'end', { signal }).catch(() => undefined);
      try {
        client.on('notification', ({ payload }) => onRemoved(payload ?? ''));
        await client.query(`listen ${removedKeyChannel}`);
        await ended;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    (err) => log.warn({ err }, 'sftp.keys.unheard'),
  );
}
