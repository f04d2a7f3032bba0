import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../kernel/app-error.ts';

export interface Listening extends AsyncDisposable {
  /** Where the server really listens, the free port filled in. */
  readonly url: string;
}

/**
 * Starts to listen. Disposing lets requests in hand end and closes event streams first.
 * @throws AppError CONFLICT when the port is taken
 */
export async function serve(app: FastifyInstance, options: { host: string; port: number }): Promise<Listening> {
  try {
    await app.listen(options);
  } catch (cause) {
    throw cannotListen(cause, options);
  }
  const address = app.server.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    [Symbol.asyncDispose]: () => app.close(),
  };
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
