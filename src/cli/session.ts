/** What every command works with: a signed-in client, and the account it is about. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { createClient, type Client } from '../contract/client.ts';
import { endpoints } from '../contract/endpoints.ts';
import { UsageError } from './failure.ts';
import { json, type Terminal } from './output.ts';

interface GlobalOptions {
  readonly url: string;
  readonly token?: string;
  readonly data: string;
  readonly account?: string;
  readonly json?: boolean;
}

export interface Session {
  readonly client: Client;
  /** Where Wharf listens. */
  readonly url: string;
  readonly asJson: boolean;
  readonly terminal: Terminal;
  /** Path parameters of the account the command is about. */
  account(): Promise<{ account: string }>;
  /** One result: the value as JSON, or the text. */
  print(value: unknown, text: string): void;
}

export function addGlobalOptions(program: Command): void {
  program
    .addOption(new Option('--url <url>', 'where Wharf listens').env('WHARF_URL').default('http://127.0.0.1:8480'))
    .addOption(
      new Option(
        '--token <token>',
        'API key or operator token; better set as WHARF_TOKEN, which other users of the machine cannot see',
      ).env('WHARF_TOKEN'),
    )
    .addOption(
      new Option('--data <folder>', "Wharf's data folder, where the operator token is read without --token")
        .env('WHARF_DATA')
        .default('./wharf-data'),
    )
    .option('--account <id>', 'the account; not needed with an API key, or when there is only one')
    .option('--json', 'write JSON instead of text');
}

/** An action that gets a session and the command's own options and arguments. */
export function withSession<Options extends object>(
  terminal: Terminal,
  work: (session: Session, options: Options, args: readonly string[]) => Promise<void>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const session = await openSession(command.optsWithGlobals<GlobalOptions>(), terminal);
    await work(session, command.opts<Options>(), command.args);
  };
}

async function openSession(options: GlobalOptions, terminal: Terminal): Promise<Session> {
  if (!URL.canParse(options.url))
    throw new UsageError(`${options.url} is not a URL.`, 'Give one such as http://127.0.0.1:8480.');
  const client = createClient({ baseUrl: options.url, token: options.token ?? (await operatorToken(options.data)) });
  const asJson = options.json === true;
  return {
    client,
    url: options.url,
    asJson,
    terminal,
    account: async () => ({ account: options.account ?? (await onlyAccount(client)) }),
    print: (value, text) => terminal.out(asJson ? json(value) : text),
  };
}

async function operatorToken(folder: string): Promise<string> {
  const file = join(folder, 'operator-token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    const error = new UsageError(
      `There is no key: neither --token nor WHARF_TOKEN is given, and ${file} cannot be read.`,
      'Set WHARF_TOKEN to an API key, or run this where the data folder of Wharf is (--data).',
    );
    error.cause = cause;
    throw error;
  }
}

async function onlyAccount(client: Client): Promise<string> {
  const { data } = await client.call(endpoints.listAccounts, {});
  const [first, ...others] = data;
  if (!first) throw new UsageError('There is no account yet.', 'Create one: wharf accounts create <name>.');
  if (others.length === 0) return first.id;
  const known = data.slice(0, 10).map((account) => `${account.id} (${account.name})`);
  throw new UsageError('There are several accounts.', `Choose one with --account: ${known.join(', ')}.`);
}
