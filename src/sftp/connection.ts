/** One SSH connection: its login, its sessions, and its end. */
import type { Socket } from 'node:net';
import type { AuthContext, Connection as SshClient, ServerChannel, Session } from 'ssh2';
import type { Sql } from '../db/database.ts';
import type { Logger } from '../kernel/logger.ts';
import { markSshKeyUsed, type LoginKey } from '../store/ssh-keys.ts';
import { AccountFiles } from './account-files.ts';
import type { Ticket } from './gate.ts';
import { acceptQuestion, judgeLogin, type LoginAnswer } from './login.ts';
import { discard } from './packets.ts';
import { SftpSession } from './session.ts';
import { decipherCopies } from './transport.ts';
import type { Uploads } from './uploads.ts';

export interface ConnectionDeps {
  readonly db: Sql;
  readonly uploads: Uploads;
  readonly log: Logger;
  readonly ticket: Ticket;
  readonly onLogin: () => void;
}

const most = {
  /** Login requests of one connection; each key an agent offers is one. */
  attempts: 20,
  wrongSignatures: 3,
  /** Open at once. */
  sessions: 4,
  /** Over the life of a connection: ssh2 never forgets a session that was opened and not used. */
  sessionsEver: 1000,
  /** Received and not read yet: twice ssh2's window and a little. More is sent only by who ignores the window. */
  unread: 5 * 1024 * 1024,
  /** Sent and not taken by the client: requests wait above the first, the connection ends above the second. */
  unsent: 1024 * 1024,
  unsentEver: 8 * 1024 * 1024,
} as const;

const onlySftp = 'This server speaks SFTP only.\n';

export class Connection {
  readonly #client: SshClient;
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #sessions = new Map<SftpSession, ServerChannel>();
  readonly #since = performance.now();
  #log: Logger;
  #key: LoginKey | null = null;
  #attempts = 0;
  #wrongSignatures = 0;
  #sessionsOpen = 0;
  #sessionsEver = 0;
  #activeAt = performance.now();
  #reason = 'the client left';
  /** Resolves when the connection is gone and what it had open is put away. */
  readonly gone: Promise<void>;

  constructor(client: SshClient, socket: Socket, deps: ConnectionDeps) {
    this.#client = client;
    this.#socket = socket;
    this.#deps = deps;
    this.#log = deps.log;
    client.on('authentication', (context) => void this.#authenticate(context));
    client.on('ready', () => this.#ready());
    client.on('session', (accept, reject) => this.#openSession(accept, reject));
    client.on('error', (err) => this.#log.debug({ err }, 'sftp.connection.error'));
    socket.on('data', (chunk: Buffer) => {
      this.#guard();
      // ssh2 listened first and has deciphered it; before a login it may not have been enciphered
      if (this.#key && decipherCopies) discard(chunk);
    });
    socket.on('drain', () => {
      for (const session of this.#sessions.keys()) session.proceed();
    });
    this.gone = new Promise((done) => socket.once('close', done)).then(() => this.#putAway());
  }

  /** null before the login. */
  get keyId(): string | null {
    return this.#key?.keyId ?? null;
  }

  /** Milliseconds since the client last asked for something. */
  get idleMs(): number {
    return performance.now() - this.#activeAt;
  }

  /** At once, whatever is under way; the client is told so far as it listens. */
  end(reason: string): void {
    this.#reason = reason;
    for (const session of this.#sessions.keys()) void this.#abort(session);
    this.#client.end();
    this.#socket.destroySoon();
    // who does not read does not get the farewell either
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }

  async #authenticate(context: AuthContext): Promise<void> {
    this.#attempts += 1;
    if (this.#attempts > most.attempts) return this.end('too many login attempts');
    try {
      const answer = await judgeLogin(this.#deps.db, context);
      if (answer.kind === 'accepted') return await this.#accept(context, answer);
      if (answer.kind === 'refused') return this.#refuse(context, answer);
      if (context.method === 'publickey') acceptQuestion(context);
    } catch (err) {
      this.#log.error({ err }, 'sftp.login.failed');
      this.end('the login could not be checked');
    }
  }

  /** From here on the removal of the key ends the connection; whether it came before is seen when the login is noted. */
  async #accept(context: AuthContext, { key, facts }: Extract<LoginAnswer, { kind: 'accepted' }>): Promise<void> {
    this.#key = key;
    if (!(await markSshKeyUsed(this.#deps.db, key.accountId, key.keyId))) return this.end('the key was removed');
    this.#log = this.#log.child({ user: facts.user, keyId: key.keyId });
    this.#log.info({ fingerprint: facts.fingerprint, algorithm: facts.algorithm }, 'sftp.login.accepted');
    context.accept();
  }

  #refuse(context: AuthContext, { reason, facts }: Extract<LoginAnswer, { kind: 'refused' }>): void {
    // every client begins by asking which methods there are
    if (context.method !== 'none') this.#log.info({ ...facts, reason }, 'sftp.login.refused');
    if (reason === 'signature') this.#wrongSignatures += 1;
    if (this.#wrongSignatures >= most.wrongSignatures) return this.end('too many wrong signatures');
    context.reject(['publickey']);
  }

  #ready(): void {
    this.#deps.ticket.loggedIn();
    this.#deps.onLogin();
  }

  #openSession(accept: () => Session, reject: () => void): void {
    this.#sessionsEver += 1;
    if (this.#sessionsOpen >= most.sessions || this.#sessionsEver > most.sessionsEver) return reject();
    this.#sessionsOpen += 1;
    const session = accept();
    session.once('close', () => (this.#sessionsOpen -= 1));
    session.on('subsystem', (acceptChannel, rejectChannel, { name }) => {
      if (name !== 'sftp') return rejectChannel();
      this.#serve(acceptChannel());
    });
    session.on('exec', (acceptChannel) => sendAway(acceptChannel()));
    session.on('shell', (acceptChannel) => sendAway(acceptChannel()));
  }

  /** undefined: the session has a channel already. */
  #serve(channel: ServerChannel | undefined): void {
    if (!channel || !this.#key) return this.end('a request out of turn');
    const files = new AccountFiles(this.#deps.uploads, this.#key, this.#log);
    channel.on('data', () => (this.#activeAt = performance.now()));
    const session = new SftpSession(channel, {
      files,
      log: this.#log,
      isCongested: () => this.#socket.writableLength > most.unsent,
      discard: (chunk) => {
        if (decipherCopies) discard(chunk);
      },
      onEnd: () => {
        channel.exit(0);
        channel.end();
      },
      onBroken: (why) => {
        this.#log.warn({ why }, 'sftp.session.broken');
        this.end('the client does not speak SFTP');
      },
    });
    this.#sessions.set(session, channel);
    channel.once('close', () => {
      this.#sessions.delete(session);
      void this.#abort(session);
    });
  }

  /** Ends who sends more than it may, or never takes what it asked for. */
  #guard(): void {
    const unread = this.#sessions.values().some((channel) => channel.readableLength > most.unread);
    if (!unread && this.#socket.writableLength < most.unsentEver) return;
    this.#reason = unread ? 'the client ignores flow control' : 'the client does not read';
    this.#socket.destroy();
  }

  async #putAway(): Promise<void> {
    this.#deps.ticket.leave();
    await Promise.all([...this.#sessions.keys()].map((session) => this.#abort(session)));
    const seconds = Math.round((performance.now() - this.#since) / 1000);
    if (this.#key) this.#log.info({ seconds, reason: this.#reason }, 'sftp.session.ended');
    else this.#log.debug({ seconds, reason: this.#reason }, 'sftp.connection.ended');
  }

  async #abort(session: SftpSession): Promise<void> {
    try {
      await session.abort();
    } catch (err) {
      this.#log.error({ err }, 'sftp.session.failed');
    }
  }
}

/** undefined: the session has a channel already. */
function sendAway(channel: ServerChannel | undefined): void {
  if (!channel) return;
  channel.stderr.write(onlySftp);
  channel.exit(1);
  channel.end();
}
