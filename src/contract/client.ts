/** A typed client of the API, for the command line and the browser alike. */
import type { z } from 'zod';
import { csvMediaType, isCsv } from './csv-file.ts';
import { fillPath, type Endpoint, type In, type Out } from './endpoint.ts';
import { errorBody, type ErrorBody } from './error-body.ts';

/** The server's refusal, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly facts: ErrorBody['error'];

  constructor(status: number, facts: ErrorBody['error']) {
    super(facts.message);
    this.name = 'ApiError';
    this.status = status;
    this.facts = facts;
  }
}

/** No answer, or one that is not Wharf's. */
export class NoAnswerError extends Error {
  readonly url: string;

  constructor(url: string, why: string, cause?: unknown) {
    super(why, { cause });
    this.name = 'NoAnswerError';
    this.url = url;
  }
}

type Given<Part extends string, S extends z.ZodType | null> = S extends z.ZodType
  ? Record<never, never> extends In<S>
    ? { readonly [K in Part]?: In<S> }
    : { readonly [K in Part]: In<S> }
  : unknown;

/** What a call of this endpoint must be given: `params`, `query` and `body`, each only where the endpoint has it. */
export type Input<E extends Endpoint> = Given<'params', E['params']> &
  Given<'query', E['query']> &
  Given<'body', E['body']> & { readonly signal?: AbortSignal };

interface AnyInput {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface Client {
  /** @throws ApiError, NoAnswerError */
  call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Out<E['reply']>>;
  /** Each line as it comes; ends with the reply. @throws ApiError, NoAnswerError, also in the middle of a stream */
  lines<E extends Endpoint>(endpoint: E, input: Input<E>): AsyncGenerator<Out<E['lines']>, void, void>;
}

export function createClient(options: { readonly baseUrl: string; readonly token?: string }): Client {
  async function send(endpoint: Endpoint, input: AnyInput, accept: string): Promise<Response> {
    const url = new URL(fillPath(endpoint.path, input.params ?? {}), options.baseUrl);
    for (const [name, value] of Object.entries(input.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const reply = await fetch(url, {
      method: endpoint.method,
      headers: {
        accept,
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(endpoint.body ? { 'content-type': isCsv(endpoint.body) ? csvMediaType : 'application/json' } : {}),
      },
      ...bodyOf(endpoint, input.body),
      ...(input.signal ? { signal: input.signal } : {}),
      redirect: 'error',
    }).catch((cause: unknown) => {
      if (input.signal?.aborted) throw cause;
      throw new NoAnswerError(url.origin, 'No answer.', cause);
    });
    if (!reply.ok) throw await refusal(reply);
    return reply;
  }

  return {
    async call(endpoint, input) {
      const reply = await send(endpoint, input as AnyInput, isCsv(endpoint.reply) ? csvMediaType : 'application/json');
      if (endpoint.reply === null) return undefined as never;
      if (isCsv(endpoint.reply)) return reply.body as never;
      return understand(endpoint.reply, await reply.text(), reply.url) as never;
    },

    async *lines(endpoint, input) {
      const reply = await send(endpoint, input as AnyInput, 'application/x-ndjson');
      if (!reply.body || !endpoint.lines) return;
      for await (const line of splitLines(reply.body)) {
        const failed = line.startsWith('{"error":') ? errorBody.safeParse(JSON.parse(line)) : null;
        if (failed?.success) throw new ApiError(reply.status, failed.data.error);
        yield understand(endpoint.lines, line, reply.url) as never;
      }
    },
  };
}

/** A stream is sent as it is read, which `duplex` allows. */
function bodyOf(endpoint: Endpoint, body: unknown): RequestInit {
  if (!endpoint.body) return {};
  if (!isCsv(endpoint.body)) return { body: JSON.stringify(body) };
  return body instanceof Blob ? { body } : ({ body, duplex: 'half' } as RequestInit);
}

async function refusal(reply: Response): Promise<Error> {
  const text = await reply.text();
  const body = errorBody.safeParse(jsonOrNull(text));
  if (body.success) return new ApiError(reply.status, body.data.error);
  return new NoAnswerError(new URL(reply.url).origin, `The answer (HTTP ${reply.status}) is not from Wharf.`);
}

function understand(schema: z.ZodType, text: string, url: string): unknown {
  const parsed = schema.safeParse(jsonOrNull(text));
  if (parsed.success) return parsed.data;
  throw new NoAnswerError(new URL(url).origin, 'The answer is not one this version understands.', parsed.error);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
