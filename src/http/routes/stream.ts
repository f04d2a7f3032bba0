/** Replies that come line by line: as NDJSON, as server-sent events, or gathered into one JSON list. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '../../contract/endpoint.ts';
import { AppError, toAppError } from '../../kernel/app-error.ts';
import { errorFactsOf } from '../error-reply.ts';

type Format = 'json' | 'ndjson' | 'events';

const mediaTypes = { ndjson: 'application/x-ndjson; charset=utf-8', events: 'text/event-stream; charset=utf-8' };

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
}

export async function sendLines(
  endpoint: Endpoint,
  lines: AsyncIterable<unknown>,
  asked: Asked,
): Promise<FastifyReply> {
  const { request, reply } = asked;
  const format = formatOf(endpoint, request.headers.accept ?? '');
  const checked = checkedLines(endpoint, lines);
  if (format === 'json') return reply.code(endpoint.status).send({ data: await gathered(checked) });
  // the first line is awaited, so that a refusal still has its own status
  const first = await checked.next();
  const text = Readable.from(textLines(format, first, checked, asked), { objectMode: false });
  return reply.code(endpoint.status).header('x-accel-buffering', 'no').type(mediaTypes[format]).send(text);
}

function formatOf(endpoint: Endpoint, accept: string): Format {
  if (accept.includes('text/event-stream')) return 'events';
  return endpoint.endless || accept.includes('application/x-ndjson') ? 'ndjson' : 'json';
}

async function* checkedLines(endpoint: Endpoint, lines: AsyncIterable<unknown>): AsyncGenerator<unknown, void, void> {
  for await (const line of lines) yield endpoint.lines?.parse(line);
}

async function gathered(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const data: unknown[] = [];
  for await (const line of lines) data.push(line);
  return data;
}

/** After the first line the status is out; a failure becomes the last line: `{"error": {...}}`. */
async function* textLines(
  format: 'ndjson' | 'events',
  first: IteratorResult<unknown, void>,
  rest: AsyncGenerator<unknown, void, void>,
  { request, signal }: Asked,
): AsyncGenerator<string, void, void> {
  const write = (line: unknown): string =>
    format === 'events' ? `data: ${JSON.stringify(line)}\n\n` : `${JSON.stringify(line)}\n`;
  if (first.done) return;
  yield write(first.value);
  try {
    for await (const line of rest) yield write(line);
  } catch (thrown) {
    if (signal.aborted) return;
    request.log.error({ err: thrown }, 'http.stream.failed');
    const error = thrown instanceof AppError ? thrown : toAppError(thrown);
    yield write({ error: { ...errorFactsOf(error), requestId: request.id } });
  }
}
