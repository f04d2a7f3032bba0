import type { Command } from 'commander';
import type { ApiKey } from '../contract/api-keys.ts';
import { endpoints } from '../contract/endpoints.ts';
import { plain, table, time, type Terminal } from './output.ts';
import { withSession } from './session.ts';

export function addKeyCommands(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('API keys of an account');

  keys
    .command('list')
    .description('all keys, revoked ones included')
    .action(
      withSession(terminal, async (session) => {
        const reply = await session.client.call(endpoints.listApiKeys, { params: await session.account() });
        session.print(reply, keyTable(reply.data));
      }),
    );

  keys
    .command('create <name>')
    .description('create a key; it is shown this once')
    .action(
      withSession(terminal, async (session, _options, [name = '']) => {
        const params = await session.account();
        const created = await session.client.call(endpoints.createApiKey, { params, body: { name } });
        session.print(created, `${created.key}\n`);
        if (!session.asJson) terminal.err(`Key ${created.id} is made. Keep it safe: it is not shown again.\n`);
      }),
    );

  keys
    .command('revoke <key>')
    .description('revoke a key by its id, at once and for ever')
    .action(
      withSession(terminal, async (session, _options, [key = '']) => {
        await session.client.call(endpoints.revokeApiKey, { params: { ...(await session.account()), key } });
        session.print({ revoked: key }, `Key ${plain(key)} is revoked.\n`);
      }),
    );
}

function keyTable(keys: readonly ApiKey[]): string {
  const columns = [
    { title: 'id', value: (key: ApiKey) => key.id },
    { title: 'name', value: (key: ApiKey) => key.name },
    { title: 'ends in', value: (key: ApiKey) => key.hint },
    { title: 'created (UTC)', value: (key: ApiKey) => time(key.createdAt) },
    { title: 'last used (UTC)', value: (key: ApiKey) => time(key.lastUsedAt) },
    { title: 'revoked (UTC)', value: (key: ApiKey) => time(key.revokedAt) },
  ];
  return table(keys, columns, 'There is no key yet. Create one: wharf keys create <name>');
}
