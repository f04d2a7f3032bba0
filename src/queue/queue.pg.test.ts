import { expect, test } from 'vitest';
import { testDatabase } from '../db/testing/test-database.ts';
import { createLogger } from '../kernel/logger.ts';
import { createQueue, type Jobs } from './queue.ts';

const database = testDatabase();
const log = createLogger('silent');

function collector(): {
  seen: Jobs['profiles.import'][];
  next: () => Promise<Jobs['profiles.import']>;
  push: (job: Jobs['profiles.import']) => void;
} {
  const seen: Jobs['profiles.import'][] = [];
  let wake: ((job: Jobs['profiles.import']) => void) | undefined;
  return {
    seen,
    next: () => new Promise((resolve) => (wake = resolve)),
    push: (job) => {
      seen.push(job);
      wake?.(job);
    },
  };
}

test('a job exists exactly when its transaction commits, and a failed one runs again', async () => {
  const queue = createQueue(database(), log);
  await queue.start();
  const jobs = collector();
  let failures = 1;
  const done = jobs.next();
  await queue.work({
    'profiles.import': async (payload) => {
      if (failures-- > 0) throw new Error('first try fails');
      jobs.push(payload);
    },
  });
  await expect(
    database().transaction(async (tx) => {
      await queue.add(tx, 'profiles.import', { accountId: 1, jobId: 'rolled back' });
      throw new Error('no commit');
    }),
  ).rejects.toThrow('no commit');
  await database().transaction((tx) => queue.add(tx, 'profiles.import', { accountId: 1, jobId: 'committed' }));
  expect(await done).toEqual({ accountId: 1, jobId: 'committed' });
  await queue.stop();
  expect(jobs.seen).toHaveLength(1);
});
