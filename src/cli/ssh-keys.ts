import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import type { SshKey } from '../contract/ssh-keys.ts';
import { UsageError } from './failure.ts';
import { facts, plain, table, time, type Terminal } from './output.ts';
import { withSession } from './session.ts';

interface AddOptions {
  readonly title: string;
  readonly owner: string;
  readonly mayConsent?: boolean;
}

export function addSshKeyCommands(program: Command, terminal: Terminal): void {
  const keys = program.command('ssh-keys').description('SSH keys that may upload files for an account');

  keys
    .command('list')
    .description('all SSH keys of the account')
    .action(
      withSession(terminal, async (session) => {
        const reply = await session.client.call(endpoints.listSshKeys, { params: await session.account() });
        session.print(reply, keyTable(reply.data));
      }),
    );

  keys
    .command('add <file>')
    .description('add the public key in a file, such as ~/.ssh/id_ed25519.pub; - reads standard input')
    .requiredOption('--title <title>', 'what to call the key')
    .requiredOption('--owner <name>', 'who the key belongs to; shown as "imported by"')
    .option('--may-consent', 'files of this key may change consent')
    .action(
      withSession<AddOptions>(terminal, async (session, options, [file = '']) => {
        const { title, owner, mayConsent = false } = options;
        const body = { title, owner, mayConsent, publicKey: await readKey(file) };
        const added = await session.client.call(endpoints.addSshKey, { params: await session.account(), body });
        session.print(added, keyFacts(added));
      }),
    );

  keys
    .command('remove <key>')
    .description('remove a key by its id; its open sessions end')
    .action(
      withSession(terminal, async (session, _options, [key = '']) => {
        await session.client.call(endpoints.removeSshKey, { params: { ...(await session.account()), key } });
        session.print({ removed: key }, `SSH key ${plain(key)} is removed.\n`);
      }),
    );
}

async function readKey(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const error = new UsageError(`${file} cannot be read.`, 'Name the file of a public key, which ends in .pub.');
    error.cause = cause;
    throw error;
  }
}

function keyFacts(key: SshKey): string {
  return facts([
    ['Id', key.id],
    ['Title', key.title],
    ['Owner', key.owner],
    ['Type', key.type],
    ['Fingerprint', key.fingerprint],
    ['May change consent', key.mayConsent ? 'yes' : 'no'],
  ]);
}

function keyTable(keys: readonly SshKey[]): string {
  const columns = [
    { title: 'id', value: (key: SshKey) => key.id },
    { title: 'title', value: (key: SshKey) => key.title },
    { title: 'owner', value: (key: SshKey) => key.owner },
    { title: 'type', value: (key: SshKey) => key.type },
    { title: 'fingerprint', value: (key: SshKey) => key.fingerprint },
    { title: 'consent', value: (key: SshKey) => (key.mayConsent ? 'yes' : 'no') },
    { title: 'added (UTC)', value: (key: SshKey) => time(key.createdAt) },
    { title: 'last used (UTC)', value: (key: SshKey) => time(key.lastUsedAt) },
  ];
  return table(
    keys,
    columns,
    'There is no SSH key yet. Add one: wharf ssh-keys add <file> --title <title> --owner <name>',
  );
}
