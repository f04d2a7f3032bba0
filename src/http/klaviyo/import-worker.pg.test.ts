import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../db/testing/test-database.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { toJsonText } from '../../kernel/json-text.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createAccount } from '../../store/accounts.ts';
import {
  createImportJob,
  getImportJob,
  listImportErrors,
  listImportProfiles,
  type ImportJob,
} from '../../store/profile-import-jobs.ts';
import { profileImportHandler } from './import-worker.ts';

const database = testDatabase();
const log = createLogger('silent');
const total = 1200;
/** Every hundredth profile has no address. */
const isBad = (position: number): boolean => position % 100 === 99;

let accountId: number;
let job: ImportJob;

beforeEach(async () => {
  accountId = (await createAccount(database(), { name: 'Imports' })).id;
  const profiles = Array.from({ length: total }, (_, i) => ({
    type: 'profile',
    attributes: { email: isBad(i) ? 'nowhere' : `p${i}@import.pl`, properties: { i } },
  }));
  const now = systemClock.now();
  job = await database().transaction((tx) =>
    createImportJob(tx, accountId, { payload: toJsonText(profiles), notes: [], total, now }),
  );
});

function run(clock: Clock, signal: AbortSignal): Promise<void> {
  const work = profileImportHandler({ db: database(), clock, log });
  return work({ accountId, jobId: job.id }, signal);
}

/** Every profile has exactly one result, in its place. */
async function expectWhole(): Promise<void> {
  expect(await getImportJob(database(), accountId, job.id)).toMatchObject({
    status: 'complete',
    total_count: total,
    completed_count: total - total / 100,
    failed_count: total / 100,
  });
  const all = { size: 2 * total, descending: false, from: null };
  const profiles = await listImportProfiles(database(), accountId, job.id, all);
  const errors = await listImportErrors(database(), accountId, job.id, all);
  const places = Array.from({ length: total }, (_, i) => String(i));
  expect(profiles.rows.map(({ id }) => id)).toEqual(places.filter((_, i) => !isBad(i)));
  expect(errors.rows.map(({ id }) => id)).toEqual(places.filter((_, i) => isBad(i)));
  expect(new Set(profiles.rows.map((row) => row.profile_id)).size).toBe(profiles.rows.length);
  const { rows } = await database().query<{ id: string; i: number; payload: string | null }>(
    `select p.id, (p.properties::json ->> 'i')::integer as i, j.payload::text
       from profile p join profile_import_job j on j.account_id = p.account_id
      where p.account_id = $1 order by i`,
    [accountId],
  );
  expect(rows.map(({ i }) => i)).toEqual(places.map(Number).filter((i) => !isBad(i)));
  expect(rows[0]?.payload).toBeNull();
}

test('a job that was stopped goes on where it was', async () => {
  const stop = new AbortController();
  let looks = 0;
  // read once at the start and once after each batch
  const clock: Clock = {
    ...systemClock,
    now() {
      looks += 1;
      if (looks === 2) stop.abort();
      return systemClock.now();
    },
  };
  await expect(run(clock, stop.signal)).rejects.toThrow('aborted');
  expect(await getImportJob(database(), accountId, job.id)).toMatchObject({
    status: 'processing',
    completed_count: 495,
    failed_count: 5,
  });
  await run(systemClock, new AbortController().signal);
  await expectWhole();
});

test('two workers on one job do not double anything, and a complete job is left alone', async () => {
  const { signal } = new AbortController();
  await Promise.all([run(systemClock, signal), run(systemClock, signal)]);
  // the one that fell behind left the rest to the other
  await expectWhole();
  await run(systemClock, signal);
  await expectWhole();
});

test('what appends to a property is applied once, also when two workers have the same batch in hand', async () => {
  const profile = {
    type: 'profile',
    attributes: { email: 'p0@append.pl' },
    meta: { patch_properties: { append: { tags: 'x' } } },
  };
  const now = systemClock.now();
  job = await database().transaction((tx) =>
    createImportJob(tx, accountId, { payload: toJsonText([profile]), notes: [], total: 1, now }),
  );
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 4 }, () => run(systemClock, signal)));
  const { rows } = await database().query('select properties from profile where account_id = $1 and email = $2', [
    accountId,
    'p0@append.pl',
  ]);
  expect(rows).toEqual([{ properties: '{"tags":["x"]}' }]);
});

test('a job of another account is nothing to work on', async () => {
  const stranger = await createAccount(database(), { name: 'Stranger' });
  const work = profileImportHandler({ db: database(), clock: systemClock, log });
  await work({ accountId: stranger.id, jobId: job.id }, new AbortController().signal);
  expect(await getImportJob(database(), accountId, job.id)).toMatchObject({ status: 'queued' });
  expect(await getImportJob(database(), stranger.id, job.id)).toBeNull();
});
