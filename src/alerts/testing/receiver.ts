/** A real HTTP server that takes webhooks and answers as the test says. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests are answered with; 204 at first. */
  answer(how: (response: ServerResponse, request: Received) => void): void;
  /** Resolves when that many requests have come, ever. */
  untilReceived(count: number): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  let answer = (response: ServerResponse, _request: Received): void => void response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    const one = { path: request.url ?? '', headers: request.headers, body: await text(request) };
    received.push(one);
    answer(response, one);
    for (const { count, done } of waiting) if (received.length >= count) done();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (how) => void (answer = how),
    untilReceived: (count) =>
      new Promise((done) => (received.length >= count ? done() : waiting.push({ count, done }))),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
