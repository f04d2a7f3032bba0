import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import { facts, type Terminal } from './output.ts';
import { withSession } from './session.ts';

export function addSecretsCommands(program: Command, terminal: Terminal): void {
  const secrets = program.command('secrets').description('the key that stored credentials are encrypted with');

  secrets
    .command('rotate')
    .description('replace the key and encrypt everything anew, or go on where that was cut off (operator only)')
    .action(
      withSession(terminal, async (session) => {
        const done = await session.client.call(endpoints.rotateSecretKey, {});
        const text = facts([
          ['Encrypted anew', String(done.resealed)],
          ['Keys retired', done.retired.join(', ')],
        ]);
        session.print(done, text);
      }),
    );
}
