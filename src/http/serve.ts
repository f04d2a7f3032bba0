import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../kernel/app-error.ts';

export interface Listening extends AsyncDisposable {
  /** Where the server really listens, the free port filled in. */
  readonly url: string;
}

/** A request that takes longer than this to end is cut when the server stops. */
const graceMs = 20_000;

/**
 * Starts to listen. Disposing lets requests in hand end, and is not held up by clients that merely stay connected.
 * @throws AppError CONFLICT when the port is taken
 */
export async function serve(app: FastifyInstance, options: { host: string; port: number }): Promise<Listening> {
  const connections = new Connections(app.server);
  try {
    await app.listen(options);
  } catch (cause) {
    throw cannotListen(cause, options);
  }
  const address = app.server.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = app.close();
      connections.letGo();
      const impatient = setTimeout(() => app.server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(impatient);
    },
  };
}

/**
 * Which connections have a request in hand. Node closes those that are idle between two requests, but waits a minute
 * for one that has not sent its first yet, as browsers and pooling clients open them in advance.
 */
class Connections {
  readonly #open = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  #closing = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      if (this.#closing) socket.destroy();
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.#busy.add(socket);
      response.once('close', () => {
        this.#busy.delete(socket);
        if (this.#closing) socket.destroySoon();
      });
    });
  }

  letGo(): void {
    this.#closing = true;
    for (const socket of this.#open) if (!this.#busy.has(socket)) socket.destroy();
  }
}

function cannotListen(cause: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause;
  return new AppError('CONFLICT', {
    summary:
      code === 'EADDRINUSE'
        ? `Another program already listens on ${host}:${port}.`
        : `This user may not listen on ${host}:${port}.`,
    advice: 'Stop the other program, or choose another port with WHARF_PORT.',
    cause,
  });
}
