import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import type { Terminal } from './output.ts';
import { withSession } from './session.ts';

export function addPeopleCommands(program: Command, terminal: Terminal): void {
  const people = program.command('people').description('people who sign in to the web app');

  people
    .command('sign-in-link <email>')
    .description('a link that lets a person in without the password, once and within an hour (operator only)')
    .action(
      withSession(terminal, async (session, _options, [email = '']) => {
        const { token } = await session.client.call(endpoints.createSignInLink, { body: { email } });
        const link = new URL(`/sign-in-link#${token}`, session.url).href;
        session.print({ link }, `${link}\n`);
      }),
    );
}
