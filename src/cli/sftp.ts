import type { Command } from 'commander';
import { endpoints } from '../contract/endpoints.ts';
import type { SftpCredentials } from '../contract/ssh-keys.ts';
import { facts, plain, type Terminal } from './output.ts';
import { withSession } from './session.ts';

export function addSftpCommands(program: Command, terminal: Terminal): void {
  const sftp = program.command('sftp').description('upload of files over SFTP');

  sftp
    .command('credentials')
    .description('how to connect: host, port, user name, fingerprints of the host keys, lines for known_hosts')
    .action(
      withSession(terminal, async (session) => {
        const credentials = await session.client.call(endpoints.sftpCredentials, { params: await session.account() });
        session.print(credentials, credentialsText(credentials));
      }),
    );
}

function credentialsText({ userName, server, hostKeys }: SftpCredentials): string {
  const keys = hostKeys.map((key) => [`Host key ${key.type}`, key.fingerprint] as const);
  if (!server) {
    const told = facts([['User name', userName], ...keys]);
    return `${told}\nNo SFTP server runs at present: start Wharf with the role sftp (WHARF_ROLES).\n`;
  }
  const told = facts([
    ['Host', server.host],
    ['Port', String(server.port)],
    ['User name', userName],
    ...keys,
    ['Command', server.command],
  ]);
  const lines = hostKeys.flatMap((key) => (key.knownHosts === null ? [] : [`${plain(key.knownHosts)}\n`]));
  return `${told}\nFor known_hosts:\n${lines.join('')}`;
}
