/** The listening side: who may connect, for how long, and with which algorithms. SSH itself is ssh2's. */
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import type { Algorithms, Connection as SshClient, Server as SshServer } from 'ssh2';
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import { registeredKeys } from '../store/ssh-keys.ts';
import { Connection } from './connection.ts';
import { Gate, plainIp, type GateLimits, type Ticket } from './gate.ts';
import { ssh2 } from './transport.ts';
import type { Uploads } from './uploads.ts';

export interface ServerDeps {
  readonly db: Sql;
  readonly uploads: Uploads;
  readonly log: Logger;
  /** Private keys in the format of OpenSSH. */
  readonly hostKeys: readonly string[];
  readonly options: ServerOptions;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly gate: GateLimits;
  /** Until the login is done. */
  readonly loginSeconds: number;
  /** Without a request. */
  readonly idleSeconds: number;
}

const algorithms: Algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group14-sha256',
  ],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256'],
  // no chacha20-poly1305, which OpenSSH would choose: without ssh2's native part it takes twice the time of AES
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

interface Visitor {
  readonly socket: Socket;
  readonly ip: string;
  readonly ticket: Ticket;
  readonly graceTimer: NodeJS.Timeout;
}

export class SftpServer implements Service {
  readonly #deps: ServerDeps;
  readonly #net: NetServer;
  readonly #ssh: SshServer;
  readonly #gate: Gate;
  /** Not greeted yet, by the remote end: ssh2 speaks of a connection only once the client has introduced itself. */
  readonly #visitors = new Map<string, Visitor>();
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<Connection>();
  #turnedAway = 0;

  constructor(deps: ServerDeps) {
    this.#deps = deps;
    this.#gate = new Gate(deps.options.gate);
    this.#ssh = new ssh2.Server({ hostKeys: [...deps.hostKeys], algorithms, ident: 'wharf' });
    this.#ssh.on('connection', (client, { ip, port }) => this.#greet(client, `${ip} ${port}`));
    this.#net = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) =>
      this.#admit(socket),
    );
  }

  /** @throws AppError SETTINGS_INVALID when the address cannot be listened on */
  async start(): Promise<void> {
    if (this.#net.listening) return;
    const { host, port } = this.#deps.options;
    await new Promise<void>((done, fail) => {
      this.#net.once('error', (cause: NodeJS.ErrnoException) => fail(cannotListen(host, port, cause)));
      this.#net.listen({ host, port, backlog: 511 }, done);
    });
    this.#net.on('error', (err) => this.#deps.log.error({ err }, 'sftp.listen.failed'));
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.#net.close(done));
    for (const connection of this.#connections) connection.end('the server stops');
    const gone = [...this.#connections].map((connection) => connection.gone);
    for (const { socket } of this.#visitors.values()) socket.destroy();
    await Promise.all(gone);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** While it listens. */
  get port(): number {
    return (this.#net.address() as AddressInfo).port;
  }

  /** Ends all sessions of a key. */
  endSessionsOf(keyId: string): void {
    for (const connection of this.#connections) if (connection.keyId === keyId) connection.end('the key was removed');
  }

  /** Ends sessions whose key is gone, should the word of it have been lost, and those that have been idle for too long. */
  async inspect(): Promise<void> {
    if (this.#turnedAway > 0) this.#deps.log.warn({ count: this.#turnedAway }, 'sftp.connections.turned-away');
    this.#turnedAway = 0;
    for (const connection of this.#connections) {
      if (connection.idleMs > this.#deps.options.idleSeconds * 1000) connection.end('idle for too long');
    }
    const keyIds = [...this.#connections].flatMap(({ keyId }) => (keyId === null ? [] : [keyId]));
    if (keyIds.length === 0) return;
    const registered = await registeredKeys(this.#deps.db, keyIds);
    for (const keyId of keyIds) if (!registered.has(keyId)) this.endSessionsOf(keyId);
  }

  #admit(socket: Socket): void {
    socket.on('error', () => undefined);
    const { remoteAddress, remotePort } = socket;
    const ticket = remoteAddress === undefined ? null : this.#gate.admit(remoteAddress);
    if (!ticket || remoteAddress === undefined) {
      this.#turnedAway += 1;
      socket.destroy();
      return;
    }
    const end = `${remoteAddress} ${remotePort}`;
    const graceTimer = setTimeout(() => {
      this.#deps.log.debug({ ip: plainIp(remoteAddress) }, 'sftp.login.timed-out');
      socket.destroy();
    }, this.#deps.options.loginSeconds * 1000);
    this.#visitors.set(end, { socket, ip: plainIp(remoteAddress), ticket, graceTimer });
    this.#sockets.add(socket);
    socket.once('close', () => {
      clearTimeout(graceTimer);
      ticket.leave();
      this.#visitors.delete(end);
      this.#sockets.delete(socket);
    });
    this.#ssh.injectSocket(socket);
  }

  #greet(client: SshClient, end: string): void {
    const visitor = this.#visitors.get(end);
    // without a listener an error would end the process
    client.on('error', () => undefined);
    if (!visitor) return void client.end();
    this.#visitors.delete(end);
    const { socket, ip, ticket, graceTimer } = visitor;
    const { db, uploads, log } = this.#deps;
    const onLogin = (): void => clearTimeout(graceTimer);
    const connection = new Connection(client, socket, { db, uploads, log: log.child({ ip }), ticket, onLogin });
    this.#connections.add(connection);
    void connection.gone.then(() => this.#connections.delete(connection));
  }
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): AppError {
  const taken = cause.code === 'EADDRINUSE';
  return new AppError('SETTINGS_INVALID', {
    summary: `The SFTP server cannot listen on ${host}, port ${port}${taken ? ': another program has it' : ''}.`,
    advice: 'Set WHARF_SFTP_HOST and WHARF_SFTP_PORT to an address that is free.',
    externalMessage: cause.message,
    cause,
  });
}
