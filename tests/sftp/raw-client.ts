/** SFTP request by request, over the client of ssh2. */
import { readFile } from 'node:fs/promises';
import ssh2, { type ClientChannel, type InputAttributes, type Stats } from 'ssh2';
import type { Shop } from './rig.ts';

export interface RawSftp {
  readonly client: ssh2.Client;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  /** Flags as of fopen(3), or bits. @throws Error with the server's words */
  open(path: string, flags: ssh2.OpenMode | number): Promise<Buffer>;
  write(handle: Buffer, bytes: Buffer, offset: number): Promise<void>;
  close(handle: Buffer): Promise<void>;
  stat(path: string): Promise<Stats>;
  setstat(path: string, attributes: InputAttributes): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  replace(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  realpath(path: string): Promise<string>;
  list(path: string): Promise<string[]>;
  read(path: string): Promise<Buffer>;
  end(): Promise<void>;
}

/** Bits of the protocol. */
export const flags = { write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

export async function connect(port: number, shop: Shop): Promise<{ client: ssh2.Client; gone: Promise<void> }> {
  const client = new ssh2.Client();
  const privateKey = await readFile(shop.key.privateFile);
  const gone = new Promise<void>((done) => client.once('close', () => done()));
  await new Promise<void>((done, fail) => {
    client.once('ready', () => done());
    client.once('error', fail);
    client.connect({ host: '127.0.0.1', port, username: shop.user, privateKey });
    // as OpenSSH does; else each of the login's steps waits for an acknowledgement of the one before
    client.setNoDelay();
  });
  client.on('error', () => undefined);
  return { client, gone };
}

/** The bare stream of bytes of an SFTP session. */
export function channelOf(client: ssh2.Client): Promise<ClientChannel> {
  return new Promise((done, fail) => client.subsys('sftp', (error, channel) => (error ? fail(error) : done(channel))));
}

export async function openSftp(port: number, shop: Shop): Promise<RawSftp> {
  const { client, gone } = await connect(port, shop);
  const sftp = await new Promise<ssh2.SFTPWrapper>((done, fail) =>
    client.sftp((error, wrapper) => (error ? fail(error) : done(wrapper))),
  );
  type Callback<T> = (error: Error | null | undefined, value: T) => void;
  // a connection that ends leaves requests without an answer
  const ended = gone.then((): never => {
    throw new Error('the connection ended');
  });
  ended.catch(() => undefined);
  const ask = <T = void>(request: (done: Callback<T>) => void): Promise<T> => {
    const answer = new Promise<T>((done, fail) => request((error, value) => (error ? fail(error) : done(value))));
    return Promise.race([answer, ended]);
  };
  return {
    client,
    gone,
    open: (path, mode) => ask((done) => sftp.open(path, mode as ssh2.OpenMode, done)),
    write: (handle, bytes, offset) =>
      ask((done) => sftp.write(handle, bytes, 0, bytes.length, offset, done as Callback<void>)),
    close: (handle) => ask((done) => sftp.close(handle, done as Callback<void>)),
    stat: (path) => ask<Stats>((done) => sftp.stat(path, done)),
    setstat: (path, attributes) => ask((done) => sftp.setstat(path, attributes, done as Callback<void>)),
    rename: (from, to) => ask((done) => sftp.rename(from, to, done as Callback<void>)),
    replace: (from, to) => ask((done) => sftp.ext_openssh_rename(from, to, done as Callback<void>)),
    unlink: (path) => ask((done) => sftp.unlink(path, done as Callback<void>)),
    mkdir: (path) => ask((done) => sftp.mkdir(path, done as Callback<void>)),
    rmdir: (path) => ask((done) => sftp.rmdir(path, done as Callback<void>)),
    realpath: (path) => ask((done) => sftp.realpath(path, done)),
    list: async (path) =>
      (await ask<ssh2.FileEntry[]>((done) => sftp.readdir(path, done))).map(({ filename }) => filename).sort(),
    read: (path) => ask((done) => sftp.readFile(path, done)),
    end: () => {
      client.end();
      return gone;
    },
  };
}

/** Opens, writes all, closes. */
export async function upload(sftp: RawSftp, path: string, bytes: Buffer): Promise<void> {
  const handle = await sftp.open(path, 'w');
  for (let at = 0; at < bytes.length; at += 32_000) await sftp.write(handle, bytes.subarray(at, at + 32_000), at);
  await sftp.close(handle);
}
