import type { sshKeyEndpoints } from '../../contract/ssh-keys.ts';
import { AppError } from '../../kernel/app-error.ts';
import { getAccount } from '../../store/accounts.ts';
import { findSftpServer, listHostKeys, type PublicHostKey, type SftpAddress } from '../../store/sftp-servers.ts';
import { fingerprintText, sshFingerprint } from '../../store/ssh-key-blob.ts';
import { addSshKey, listSshKeys, removeSshKey, type SshKey } from '../../store/ssh-keys.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function sshKeyRoutes({ db }: Pick<RestDeps, 'db'>): Handlers<typeof sshKeyEndpoints> {
  return {
    sftpCredentials: async ({ caller }) => {
      const [account, server, keys] = await Promise.all([
        getAccount(db, caller.accountId),
        findSftpServer(db),
        listHostKeys(db),
      ]);
      if (!account) throw new AppError('NOT_FOUND', { summary: 'There is no such account here.' });
      return {
        userName: account.publicId,
        server: server && { ...server, command: sftpCommand(account.publicId, server) },
        hostKeys: keys.map((key) => shownHostKey(key, server)),
      };
    },

    listSshKeys: async ({ caller }) => ({ data: (await listSshKeys(db, caller.accountId)).map(shownKey) }),

    addSshKey: async ({ caller, body }) => shownKey(await addSshKey(db, caller.accountId, body)),

    removeSshKey: async ({ caller, params }) => {
      await removeSshKey(db, caller.accountId, params.key);
    },
  };
}

function shownKey(key: SshKey) {
  return { ...key, createdAt: iso(key.createdAt), lastUsedAt: iso(key.lastUsedAt) };
}

function sftpCommand(userName: string, { host, port }: SftpAddress): string {
  const place = host.includes(':') ? `[${host}]` : host;
  return port === 22 ? `sftp ${userName}@${place}` : `sftp -P ${port} ${userName}@${place}`;
}

function shownHostKey({ type, publicKey }: PublicHostKey, server: SftpAddress | null) {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return {
    type,
    fingerprint: fingerprintText(sshFingerprint(blob)),
    knownHosts: server && knownHostsLine(server, publicKey),
  };
}

function knownHostsLine({ host, port }: SftpAddress, publicKey: string): string {
  return `${port === 22 ? host : `[${host}]:${port}`} ${publicKey}`;
}
