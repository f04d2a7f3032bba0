import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode } from '../../kernel/app-error.ts';
import { stringifyJson } from '../../kernel/json-text.ts';

/** Where in the request the problem lies: a JSON pointer into the body, or the name of a query parameter or header. */
export type ErrorSource = { readonly pointer: string } | { readonly parameter: string };

export interface Problem {
  readonly detail: string;
  readonly source?: ErrorSource;
  /** Both default to those of the status. */
  readonly code?: string;
  readonly title?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
}

const statuses = {
  400: { code: 'invalid', title: 'Invalid input.' },
  401: { code: 'not_authenticated', title: 'Authentication credentials were not provided.' },
  403: { code: 'permission_denied', title: 'You do not have permission to perform this action.' },
  404: { code: 'not_found', title: 'Not found.' },
  405: { code: 'method_not_allowed', title: 'Method not allowed.' },
  409: { code: 'conflict', title: 'Conflict.' },
  413: { code: 'payload_too_large', title: 'Payload too large.' },
  415: { code: 'unsupported_media_type', title: 'Unsupported media type.' },
  429: { code: 'throttled', title: 'Request was throttled.' },
  500: { code: 'error', title: 'A server error occurred.' },
  503: { code: 'service_unavailable', title: 'Service unavailable.' },
} as const;

export type ErrorStatus = keyof typeof statuses;

/** An answer other than 2xx. Thrown anywhere in this folder; the plugin writes it. */
export class ApiError extends Error {
  readonly status: ErrorStatus;
  readonly problems: readonly Problem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ErrorStatus,
    problems: Problem | readonly Problem[],
    options: { readonly headers?: Readonly<Record<string, string>>; readonly cause?: unknown } = {},
  ) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list[0]?.detail ?? statuses[status].title, { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.problems = list;
    this.headers = options.headers ?? {};
  }
}

export function invalidParameter(parameter: string, detail: string): ApiError {
  return new ApiError(400, { detail, source: { parameter } });
}

export function notFound(what: string, id: string): ApiError {
  return new ApiError(404, { detail: `A ${what} with id ${shown(id)} does not exist.`, source: { pointer: '/data/' } });
}

/** Text of the caller's, made short enough to be said back. */
export function shown(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`;
}

const statusOf: Partial<Record<ErrorCode, ErrorStatus>> = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  THROTTLED: 429,
  STORE_UNAVAILABLE: 503,
};

/** Any thrown value as an answer. What is not ours to explain becomes a 500, or a 503 that clients retry. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof AppError && statusOf[thrown.code]) {
    return new ApiError(
      statusOf[thrown.code] ?? 500,
      { detail: `${thrown.summary} ${thrown.advice}` },
      { cause: thrown },
    );
  }
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge();
  if (code.startsWith('FST_ERR_CTP_')) {
    return new ApiError(415, { detail: 'Send the body as application/vnd.api+json.' }, { cause: thrown });
  }
  if (code.startsWith('FST_ERR_')) return new ApiError(400, { detail: 'The request is malformed.' }, { cause: thrown });
  if (isLostConnection(code)) {
    return new ApiError(503, { detail: 'The store did not answer. Try again in a moment.' }, { cause: thrown });
  }
  return new ApiError(500, { detail: 'Something failed here; the error id is in the log.' }, { cause: thrown });
}

/** The largest body, after decompression: 5 MB. */
export const maxBodyBytes = 5 * 1024 * 1024;

export function tooLarge(): ApiError {
  return new ApiError(413, { detail: `The body is larger than ${maxBodyBytes} bytes (after decompression).` });
}

/** The JSON:API error document. Ids are given by the caller when they are also logged. */
export function errorDocument(error: ApiError, id: string = randomUUID()): string {
  const { code, title } = statuses[error.status];
  return stringifyJson({
    errors: error.problems.map((problem, index) => ({
      id: index === 0 ? id : randomUUID(),
      status: error.status,
      code: problem.code ?? code,
      title: problem.title ?? title,
      detail: problem.detail,
      source: problem.source ?? { pointer: '/data/' },
      links: {},
      meta: problem.meta ?? {},
    })),
  });
}

/** Node's codes of a broken socket, PostgreSQL's class 08 and its "shutting down" and "starting up". */
function isLostConnection(code: string): boolean {
  return /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|08\w{3}|57P0[123])$/.test(code);
}
