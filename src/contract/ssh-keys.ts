import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { accountParams, id, instant, listOf, name } from './values.ts';

const mayConsent = z.boolean().describe('Whether files uploaded with this key may change consent.');

export const sshKey = z
  .object({
    id,
    title: z.string(),
    owner: z.string().describe('Shown as "imported by".'),
    type: z.string(),
    fingerprint: z.string().describe('`SHA256:...`, as `ssh-keygen -l` shows it.'),
    mayConsent,
    createdAt: instant,
    lastUsedAt: instant.nullable().describe('The last login.'),
  })
  .meta({ id: 'SshKey' });
export type SshKey = z.infer<typeof sshKey>;

export const newSshKey = z.strictObject({
  title: name,
  owner: name.describe('Who the key belongs to.'),
  publicKey: z.string().max(65_536).describe('The one line of a `.pub` file.'),
  mayConsent: mayConsent.default(false),
});

export const hostKey = z.object({
  type: z.string(),
  fingerprint: z.string(),
  knownHosts: z.string().nullable().describe('Line for `known_hosts`; null when no server runs.'),
});

export const sftpCredentials = z
  .object({
    userName: z.string(),
    server: z
      .object({ host: z.string(), port: z.number().int(), command: z.string().describe('Ready for OpenSSH.') })
      .nullable()
      .describe('null when no SFTP server runs.'),
    hostKeys: z.array(hostKey).describe('Of the servers; compare them at the first connection.'),
  })
  .meta({ id: 'SftpCredentials' });
export type SftpCredentials = z.infer<typeof sftpCredentials>;

export const sshKeyEndpoints = {
  sftpCredentials: endpoint({
    method: 'GET',
    path: '/v1/accounts/{account}/sftp',
    tag: 'keys',
    access: 'account',
    needs: 'import',
    summary: 'How to connect to the SFTP server.',
    params: accountParams,
    reply: sftpCredentials,
  }),
  listSshKeys: endpoint({
    method: 'GET',
    path: '/v1/accounts/{account}/ssh-keys',
    tag: 'keys',
    access: 'account',
    needs: 'import',
    summary: 'The SSH keys that may upload files for the account.',
    params: accountParams,
    reply: listOf(sshKey),
  }),
  addSshKey: endpoint({
    method: 'POST',
    path: '/v1/accounts/{account}/ssh-keys',
    tag: 'keys',
    access: 'account',
    needs: 'import',
    summary: 'Add an SSH key.',
    status: 201,
    params: accountParams,
    body: newSshKey,
    reply: sshKey,
  }),
  removeSshKey: endpoint({
    method: 'DELETE',
    path: '/v1/accounts/{account}/ssh-keys/{key}',
    tag: 'keys',
    access: 'account',
    needs: 'import',
    summary: 'Remove an SSH key; its open sessions end.',
    status: 204,
    params: accountParams.extend({ key: id }),
  }),
};
