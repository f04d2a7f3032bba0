/** What happens by itself: imports that stand still go on, files whose time is over are removed. */
import { enterEventDates, undatedAccounts } from '../store/event-dates.ts';
import type { ImportsDeps } from './parts.ts';

/** A worker touches its import with each batch; after this long without, the import is given to a worker again. */
const stillMs = 15 * 60_000;
/** Files without an import, of uploads that were cut off; none is that old before its import is noted. */
const orphanMs = 24 * 3_600_000;

const dayMs = 86_400_000;

export async function keepHouse(deps: ImportsDeps): Promise<void> {
  await wakeImports(deps);
  await endForgottenReviews(deps);
  await removeOldFiles(deps);
  await removeOrphans(deps);
  // those of imports that were cancelled while no worker was there
  for (const accountId of await undatedAccounts(deps.db)) await enterEventDates(deps.db, accountId);
}

/** Jobs are harmless to repeat: whoever finds the rows done stops. */
async function wakeImports({ db, queue, clock, log }: ImportsDeps): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ account_id: number; id: string }>(
      `update import set touched_at = $1
        where status in ('checking', 'in_progress') and touched_at < $2 returning account_id, id`,
      [now, new Date(now.getTime() - stillMs)],
    );
    for (const { account_id: accountId, id: importId } of rows) {
      log.warn({ accountId, importId }, 'import.stood_still');
      await queue.add(tx, 'imports.run', { accountId, importId });
    }
  });
}

/** A file that nobody reviews in time will not be imported. */
async function endForgottenReviews({ db, clock, options }: ImportsDeps): Promise<void> {
  const now = clock.now();
  const trouble = { message: 'Nobody confirmed the columns in time.', advice: 'Upload the file again and review it.' };
  await db.query(
    `update import set status = 'failed', trouble = $3, ended_at = $1, touched_at = $1
      where status = 'review' and touched_at < $2`,
    [now, new Date(now.getTime() - options.keepDays * dayMs), JSON.stringify(trouble)],
  );
}

const filesAtOnce = 100;

async function removeOldFiles({ db, files, clock, options }: ImportsDeps): Promise<void> {
  const limit = new Date(clock.now().getTime() - options.keepDays * dayMs);
  for (;;) {
    const { rows } = await db.query<{ account_id: number; id: string; stored_name: string }>(
      `select account_id, id, stored_name from import where stored_name is not null and ended_at < $1 limit $2`,
      [limit, filesAtOnce],
    );
    if (rows.length === 0) return;
    await files.remove(rows.map((row) => row.stored_name));
    await db.transaction(async (tx) => {
      for (const row of rows) {
        await tx.query('delete from import_skipped where account_id = $1 and import_id = $2', [row.account_id, row.id]);
        await tx.query('update import set stored_name = null where account_id = $1 and id = $2', [
          row.account_id,
          row.id,
        ]);
      }
    });
  }
}

async function removeOrphans({ db, files, clock }: ImportsDeps): Promise<void> {
  let names: string[] = [];
  const removeUnnamed = async (): Promise<void> => {
    const { rows } = await db.query<{ name: string }>(
      `select n.name from unnest($1::text[]) as n(name)
        where not exists (select from import where stored_name = n.name)`,
      [names],
    );
    await files.remove(rows.map((row) => row.name));
    names = [];
  };
  for await (const name of files.list(new Date(clock.now().getTime() - orphanMs))) {
    names.push(name);
    if (names.length >= filesAtOnce) await removeUnnamed();
  }
  if (names.length > 0) await removeUnnamed();
}
