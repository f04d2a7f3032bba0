import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import { importMapping, type ImportedFile } from '../contract/imports.ts';
import { UsageError } from './failure.ts';
import { importFacts, importTable, reviewText } from './import-text.ts';
import { plain, type Terminal } from './output.ts';
import { withSession, type Session } from './session.ts';
import { Unsuccessful } from './unsuccessful.ts';

interface UploadOptions {
  readonly object: string;
  readonly watch?: boolean;
}

interface ConfirmOptions {
  readonly mapping?: string;
  readonly metric?: string;
  readonly integration?: string;
  readonly forget?: boolean;
}

export function addImportCommands(program: Command, terminal: Terminal): void {
  const imports = program.command('imports').description('CSV files that become profiles and events');

  imports
    .command('list')
    .description('newest first')
    .option('--size <number>', 'entries per page, 1 to 100', '20')
    .option('--cursor <cursor>', 'the page after, as named below the page before')
    .action(
      withSession<{ size: string; cursor?: string }>(terminal, async (session, { size, cursor }) => {
        const params = await session.account();
        const reply = await session.client.call(endpoints.listImports, { params, query: { size, cursor } });
        session.print(reply, importTable(reply.data) + (reply.next === null ? '' : `More: --cursor ${reply.next}\n`));
      }),
    );

  imports
    .command('show <import>')
    .description('one import: status, rows, remarks; when it waits, how its columns are understood')
    .action(
      withSession(terminal, async (session, _options, [id = '']) => {
        const params = { ...(await session.account()), import: id };
        const found = await session.client.call(endpoints.getImport, { params });
        const isWaiting = found.status === 'review';
        const review = isWaiting ? await session.client.call(endpoints.reviewImport, { params }) : null;
        session.print(review ? { ...found, review } : found, importFacts(found) + (review ? reviewText(review) : ''));
      }),
    );

  imports
    .command('upload <file>')
    .description('upload a CSV file')
    .requiredOption('--object <object>', 'what its rows are: profiles or events')
    .option('--watch', 'stay until it is over, or waits for a review')
    .action(
      withSession<UploadOptions>(terminal, async (session, options, [file = '']) => {
        const uploaded = await upload(session, file, options.object);
        if (!options.watch) return session.print(uploaded, importFacts(uploaded));
        const ended = await untilSettled(session, uploaded);
        session.print(ended, importFacts(ended));
        if (ended.status === 'failed') throw new Unsuccessful('');
      }),
    );

  addDecisions(imports, terminal);
}

/** Of an import that is there. */
function addDecisions(imports: Command, terminal: Terminal): void {
  imports
    .command('confirm <import>')
    .description('confirm the columns of an import that waits; its rows begin')
    .option(
      '--mapping <file>',
      'JSON file with the mapping to use instead of the proposed one, as show --json gives it',
    )
    .option('--metric <name>', 'events: the metric of rows without one of their own')
    .option('--integration <name>', 'events: the integration of rows without one of their own')
    .option('--forget', 'do not remember it for files with the same headers')
    .action(
      withSession<ConfirmOptions>(terminal, async (session, options, [id = '']) => {
        const params = { ...(await session.account()), import: id };
        const { mapping } = options.mapping
          ? { mapping: await readMapping(options.mapping) }
          : await session.client.call(endpoints.reviewImport, { params });
        const { metric = mapping.metric, integration = mapping.integration } = options;
        const body = { mapping: { ...mapping, metric, integration }, remember: !options.forget };
        const confirmed = await session.client.call(endpoints.confirmImport, { params, body });
        session.print(confirmed, importFacts(confirmed));
      }),
    );

  imports
    .command('cancel <import>')
    .description('end an import; rows that were in stay in')
    .action(
      withSession(terminal, async (session, _options, [id = '']) => {
        const params = { ...(await session.account()), import: id };
        const cancelled = await session.client.call(endpoints.cancelImport, { params });
        session.print(cancelled, importFacts(cancelled));
      }),
    );

  imports
    .command('skipped <import>')
    .description('the skipped rows as CSV, to standard output: their cells, their row, and why')
    .action(
      withSession(terminal, async (session, _options, [id = '']) => {
        const params = { ...(await session.account()), import: id };
        const decoder = new TextDecoder();
        for await (const some of await session.client.call(endpoints.downloadSkipped, { params })) {
          session.terminal.out(typeof some === 'string' ? some : decoder.decode(some, { stream: true }));
        }
      }),
    );
}

async function upload(session: Session, file: string, object: string): Promise<ImportedFile> {
  if (object !== 'profiles' && object !== 'events') {
    throw new UsageError(`${plain(object)} cannot be imported.`, 'Use --object profiles or --object events.');
  }
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`${file} cannot be read.`, 'Name a CSV file.');
  const query = { object, fileName: basename(file) } as const;
  const params = await session.account();
  return session.client.call(endpoints.uploadImport, { params, query, body: createReadStream(file) });
}

async function untilSettled(session: Session, uploaded: ImportedFile): Promise<ImportedFile> {
  const params = { ...(await session.account()), import: uploaded.id };
  let found = uploaded;
  while (found.status === 'in_progress') {
    await new Promise((wake) => setTimeout(wake, 500));
    found = await session.client.call(endpoints.getImport, { params });
  }
  return found;
}

async function readMapping(file: string) {
  const advice =
    'Write the mapping as `imports show <import> --json` gives it: {"columns": [...], "metric": null, "integration": null}.';
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${file} cannot be read.`, advice);
  });
  const parsed = importMapping.safeParse(jsonOrNull(text));
  if (!parsed.success) throw new UsageError(`${file} is not a mapping.`, advice);
  return parsed.data;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
