/** Ends requests whose body comes too slowly to be meant. A total limit cannot: a large file over a slow line takes hours. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Logger } from '../kernel/logger.ts';

/** How often requests are looked at, and how much of a body must have come since the last look: about 270 bytes a second. */
export const windowMs = 30_000;
export const leastBytes = 8 * 1024;

const tooSlow = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

export class SlowBodies {
  readonly #log: Logger;
  /** What each connection had received at the last look; null before the first. */
  readonly #coming = new Map<IncomingMessage, { readonly response: ServerResponse; seen: number | null }>();

  constructor(server: Server, log: Logger) {
    this.#log = log;
    server.on('request', (request, response) => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      if (length === undefined && encoding === undefined) return;
      this.#coming.set(request, { response, seen: null });
      request.once('close', () => this.#coming.delete(request));
    });
  }

  /** One look. A request is ended at the second one that finds it slow at the earliest. */
  look(): void {
    for (const [request, body] of this.#coming) {
      const { bytesRead } = request.socket;
      const isSlow = body.seen !== null && bytesRead - body.seen < leastBytes;
      body.seen = bytesRead;
      if (isSlow && !request.complete && !waitsForUs(request)) this.#end(request, body.response);
    }
  }

  #end({ socket, method }: IncomingMessage, response: ServerResponse): void {
    this.#log.info({ method, ip: socket.remoteAddress }, 'http.request.too-slow');
    // who was answered already, as strangers are before they have sent a body, gets no second answer
    if (!response.headersSent && socket.writable) socket.write(tooSlow);
    socket.destroySoon();
  }
}

/** As much has come as is held for a reader, so it is the reader who is slow. */
function waitsForUs({ readableLength, readableHighWaterMark }: IncomingMessage): boolean {
  return readableLength >= readableHighWaterMark;
}
