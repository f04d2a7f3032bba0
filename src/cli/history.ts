/** Runs, the timeline and errors: what happened. */
import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import type { Run, RunDetails, SyncError, TimelineEntry } from '../contract/history.ts';
import { bytes, duration, facts, plain, table, time, type Terminal } from './output.ts';
import { withSession, type Session } from './session.ts';
import { findSync } from './syncs.ts';
import { syncName } from './watch.ts';

interface ListOptions {
  readonly sync?: string;
  readonly size: string;
  readonly cursor?: string;
  readonly active?: boolean;
}

export function addHistoryCommands(program: Command, terminal: Terminal): void {
  const runs = program.command('runs').description('runs of the syncs');

  listOptions(runs.command('list').description('newest first')).action(
    withSession<ListOptions>(terminal, async (session, options) => {
      const reply = await session.client.call(endpoints.listRuns, await listInput(session, options));
      session.print(reply, table(reply.data, runColumns, 'There was no run yet.') + more(reply.next));
    }),
  );

  runs
    .command('show <run>')
    .description('one run, with its counts per table: source, staged, loaded')
    .action(
      withSession(terminal, async (session, _options, [run = '']) => {
        const params = { ...(await session.account()), run };
        const reply = await session.client.call(endpoints.getRun, { params });
        session.print(reply, runText(reply));
      }),
    );

  listOptions(program.command('timeline').description('what happened, newest first: runs, pauses, edits')).action(
    withSession<ListOptions>(terminal, async (session, options) => {
      const reply = await session.client.call(endpoints.listTimeline, await listInput(session, options));
      session.print(reply, table(reply.data, timelineColumns, 'Nothing happened yet.') + more(reply.next));
    }),
  );

  const errors = program.command('errors').description('errors of the syncs');

  listOptions(errors.command('list').description('newest first').option('--active', 'only unresolved ones')).action(
    withSession<ListOptions>(terminal, async (session, options) => {
      const { params, query } = await listInput(session, options);
      const active = options.active ? 'true' : 'false';
      const reply = await session.client.call(endpoints.listErrors, { params, query: { ...query, active } });
      session.print(reply, table(reply.data, errorColumns, 'There are no errors.') + more(reply.next));
    }),
  );

  errors
    .command('show <error>')
    .description('one error: summary, code, external message, dates, what to do')
    .action(
      withSession(terminal, async (session, _options, [error = '']) => {
        const params = { ...(await session.account()), error };
        const reply = await session.client.call(endpoints.getError, { params });
        session.print(reply, errorFacts(reply));
      }),
    );
}

function listOptions(command: Command): Command {
  return command
    .option('--sync <sync>', 'only what concerns this sync: an id, or object/kind')
    .option('--size <number>', 'entries per page, 1 to 100', '20')
    .option('--cursor <cursor>', 'the page after, as named below the page before');
}

async function listInput(session: Session, options: ListOptions) {
  const sync = options.sync === undefined ? undefined : (await findSync(session, options.sync)).id;
  return {
    params: await session.account(),
    query: { sync, size: options.size, cursor: options.cursor },
  };
}

function more(next: string | null): string {
  return next === null ? '' : `More: --cursor ${next}\n`;
}

const runColumns = [
  { title: 'run', value: (run: Run) => run.id },
  { title: 'sync', value: syncName },
  { title: 'status', value: (run: Run) => run.status },
  { title: 'progress', value: (run: Run) => `${run.progress} %`, right: true },
  { title: 'rows', value: (run: Run) => run.rows, right: true },
  { title: 'size', value: (run: Run) => bytes(run.bytes), right: true },
  { title: 'started (UTC)', value: (run: Run) => time(run.startedAt) },
  { title: 'took', value: tookOf, right: true },
];

function tookOf(run: Run): string | null {
  if (run.startedAt === null || run.endedAt === null) return null;
  return duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000);
}

function runText(run: RunDetails): string {
  type Row = RunDetails['tables'][number];
  const columns = [
    { title: 'table', value: (row: Row) => row.table },
    { title: 'source', value: (row: Row) => row.source, right: true },
    { title: 'staged', value: (row: Row) => row.staged, right: true },
    { title: 'loaded', value: (row: Row) => row.loaded, right: true },
    { title: 'size', value: (row: Row) => bytes(row.bytes), right: true },
    { title: 'batches', value: (row: Row) => `${row.chunksLoaded} of ${row.chunks}`, right: true },
  ];
  const head = facts([
    ['Run', run.id],
    ['Sync', syncName(run)],
    ['Status', run.status],
    ['Progress', `${run.progress} %`],
    ['Changes', `after ${run.window.from}, up to ${run.window.to}`],
    ['Started (UTC)', time(run.startedAt)],
    ['Ended (UTC)', time(run.endedAt)],
    ['Took', tookOf(run)],
  ]);
  return `${head}\n${table(run.tables, columns, 'No table is planned yet.')}`;
}

const timelineColumns = [
  { title: 'time (UTC)', value: (entry: TimelineEntry) => time(entry.at) },
  { title: 'what', value: (entry: TimelineEntry) => entry.kind },
  { title: 'who', value: (entry: TimelineEntry) => entry.actor },
  { title: 'run', value: (entry: TimelineEntry) => entry.runId },
  { title: 'details', value: (entry: TimelineEntry) => detailsText(entry.details) },
];

function detailsText(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

const errorColumns = [
  { title: 'error', value: (error: SyncError) => error.id },
  { title: 'code', value: (error: SyncError) => error.code },
  { title: 'last (UTC)', value: (error: SyncError) => time(error.lastAt) },
  { title: 'times', value: (error: SyncError) => error.occurrences, right: true },
  { title: 'state', value: (error: SyncError) => (error.resolvedAt === null ? 'active' : 'resolved') },
  { title: 'summary', value: (error: SyncError) => error.summary },
];

function errorFacts(error: SyncError): string {
  return facts([
    ['Summary', error.summary],
    ['Code', error.code],
    ['External message', error.externalMessage && plain(error.externalMessage)],
    ['First (UTC)', time(error.firstAt)],
    ['Last (UTC)', time(error.lastAt)],
    ['Times in a row', error.occurrences],
    ['Resolved (UTC)', time(error.resolvedAt)],
    ['Run', error.runId],
    ['What to do', error.advice],
  ]);
}
