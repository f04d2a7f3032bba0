import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import type { Sync } from '../contract/syncs.ts';
import { UsageError } from './failure.ts';
import { duration, facts, plain, table, time, type Terminal } from './output.ts';
import { withSession, type Session } from './session.ts';
import { statusWords, syncName, watchUntil } from './watch.ts';

export function addSyncCommands(program: Command, terminal: Terminal): void {
  const sync = program.command('sync').description('syncs of the connection');

  sync
    .command('list')
    .description('all syncs with their status')
    .option('--watch', 'stay and show every change, until Ctrl-C')
    .action(
      withSession<{ watch?: boolean }>(terminal, async (session, options) => {
        const params = await session.account();
        if (options.watch)
          return watchUntil(
            session,
            params,
            () => true,
            () => false,
          );
        const reply = await session.client.call(endpoints.listSyncs, { params });
        return session.print(reply, syncTable(reply.data));
      }),
    );

  sync
    .command('status <sync>')
    .description('one sync, by its id or as object/kind, such as events/periodic')
    .option('--watch', 'stay until its run has ended')
    .action(
      withSession<{ watch?: boolean }>(terminal, async (session, options, [name = '']) => {
        const found = await findSync(session, name);
        session.print(found, syncFacts(found));
        if (options.watch) await watchRun(session, found, (now) => now.status !== 'in_progress');
      }),
    );

  for (const [verb, endpoint, description] of actions) {
    sync
      .command(`${verb} <sync>`)
      .description(description)
      .option('--watch', 'stay until its run has ended')
      .action(
        withSession<{ watch?: boolean }>(terminal, async (session, options, [name = '']) => {
          const before = await findSync(session, name);
          const params = { ...(await session.account()), sync: before.id };
          const after = await session.client.call(endpoint, { params });
          session.print(after, syncFacts(after));
          if (options.watch) await watchRun(session, after, (now) => hasRun(before, now));
        }),
      );
  }
}

const actions = [
  [
    'now',
    endpoints.syncNow,
    'start the next run, or the next attempt, at once; while a run is open, one more follows it',
  ],
  ['pause', endpoints.pauseSync, 'pause: what is in hand ends, nothing new begins'],
  ['resume', endpoints.resumeSync, 'resume a paused sync where it stopped'],
  ['re-enable', endpoints.reEnableSync, 'try a failed sync again, where it stopped'],
  ['cancel', endpoints.cancelSync, 'end the open run; nothing is lost'],
] as const;

async function watchRun(session: Session, sync: Sync, ended: (now: Sync) => boolean): Promise<void> {
  await watchUntil(session, await session.account(), (candidate) => candidate.id === sync.id, ended);
}

/** A run that was not there before has ended, or nothing will run until somebody acts. */
function hasRun(before: Sync, now: Sync): boolean {
  if (['completed', 'failed', 'paused', 'disabled'].includes(now.status)) return true;
  if (now.status !== 'scheduled' || now.endedAt === null || now.endedAt === before.endedAt) return false;
  // a start that was due before this run ended is the one that was asked for while it was open
  return now.nextRunAt === null || now.nextRunAt > now.endedAt;
}

/** By id, or by object and kind. */
export async function findSync(session: Session, name: string): Promise<Sync> {
  const { data } = await session.client.call(endpoints.listSyncs, { params: await session.account() });
  const found = data.find((sync) => sync.id === name || syncName(sync) === name);
  if (found) return found;
  const advice =
    data.length === 0
      ? 'Connect a warehouse first: wharf connection connect <kind>.'
      : `Choose one of: ${data.map(syncName).join(', ')}.`;
  throw new UsageError(`There is no sync ${plain(name)}.`, advice);
}

function syncTable(syncs: readonly Sync[]): string {
  const columns = [
    { title: 'sync', value: syncName },
    { title: 'status', value: (sync: Sync) => statusWords[sync.status] },
    { title: 'progress', value: (sync: Sync) => (sync.progress === null ? null : `${sync.progress} %`), right: true },
    { title: 'behind', value: freshness, right: true },
    { title: 'next (UTC)', value: (sync: Sync) => time(sync.nextRunAt) },
    { title: 'last ended (UTC)', value: (sync: Sync) => time(sync.endedAt) },
    { title: 'errors', value: (sync: Sync) => sync.activeErrors, right: true },
    { title: 'id', value: (sync: Sync) => sync.id },
  ];
  return table(syncs, columns, 'There are no syncs. Connect a warehouse: wharf connection connect <kind>');
}

function syncFacts(sync: Sync): string {
  return facts([
    ['Sync', syncName(sync)],
    ['Id', sync.id],
    ['Status', statusWords[sync.status]],
    ['Progress', sync.progress === null ? null : `${sync.progress} %`],
    ['Behind', freshness(sync)],
    ['Next (UTC)', time(sync.nextRunAt)],
    ['Started (UTC)', time(sync.startedAt)],
    ['Ended (UTC)', time(sync.endedAt)],
    ['Active errors', sync.activeErrors],
  ]);
}

function freshness(sync: Sync): string | null {
  return sync.freshnessSeconds === null ? null : duration(sync.freshnessSeconds);
}
