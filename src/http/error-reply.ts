/** Turns whatever was thrown into the REST API's error body. The Klaviyo-compatible API has a shape of its own. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody, ErrorFacts } from '../contract/error-body.ts';
import { AppError, errorCodes, type ErrorCode, type Remedy } from '../kernel/app-error.ts';
import { redactText } from '../kernel/redact.ts';

/** The remedy decides the status ... */
const statusOfRemedy: Record<Remedy, number> = {
  retry: 503,
  wait: 503,
  'fix-settings': 422,
  'fix-warehouse': 422,
  'fix-data': 422,
  'report-bug': 500,
};

/** ... except for the codes that speak of the request itself, where HTTP has a word of its own. */
const statusOfCode: Partial<Record<ErrorCode, number>> = {
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  THROTTLED: 429,
  UNKNOWN: 500,
};

/** Codes whose external message is Wharf's own machinery speaking (driver, database): for the log only. */
const internalCodes: ReadonlySet<ErrorCode> = new Set(['UNKNOWN', 'STORE_UNAVAILABLE']);

export function statusOf(code: ErrorCode): number {
  return statusOfCode[code] ?? statusOfRemedy[errorCodes[code].remedy];
}

/** What may be told to the outside about an error: never internals, never a secret. */
export function errorFactsOf(error: AppError): ErrorFacts {
  const tellExternal = error.externalMessage !== null && !internalCodes.has(error.code);
  return {
    code: error.code,
    message: redactText(error.code === 'UNKNOWN' ? errorCodes.UNKNOWN.summary : error.summary),
    advice: error.advice,
    remedy: error.remedy,
    details: internalCodes.has(error.code) ? {} : error.details,
    ...(tellExternal ? { externalMessage: redactText(error.externalMessage ?? '') } : {}),
  };
}

/** Logs what is ours to mend and sends the body. `status` overrides the table where HTTP knows better (405, 415). */
export function replyError(request: FastifyRequest, reply: FastifyReply, thrown: unknown, status?: number): void {
  const { error, status: known } = translate(thrown);
  const finalStatus = status ?? known ?? statusOf(error.code);
  if (finalStatus >= 500) request.log.error({ err: thrown, code: error.code }, 'http.request.failed');
  const body: ErrorBody = { error: { ...errorFactsOf(error), requestId: request.id } };
  if (finalStatus === 401) void reply.header('www-authenticate', 'Bearer realm="wharf"');
  void reply.code(finalStatus).type('application/json; charset=utf-8').send(body);
}

interface Translated {
  readonly error: AppError;
  readonly status?: number;
}

/** The framework's own refusals get our words; any other stranger is UNKNOWN and keeps its words for the log. */
function translate(thrown: unknown): Translated {
  if (thrown instanceof AppError) return { error: thrown };
  if (!isFrameworkError(thrown)) return { error: new AppError('UNKNOWN', { cause: thrown }) };
  const words = frameworkWords[thrown.code];
  const status = thrown.statusCode ?? 500;
  if (words) return { error: new AppError(words.code, { ...words, cause: thrown }), status };
  if (status < 500) {
    return { error: new AppError('INVALID_INPUT', { summary: thrown.message, cause: thrown }), status };
  }
  return { error: new AppError('UNKNOWN', { cause: thrown }) };
}

function isFrameworkError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('FST_ERR_');
}

interface Words {
  readonly code: ErrorCode;
  readonly summary: string;
  readonly advice: string;
}

const sendJson = 'Send a JSON body with the header Content-Type: application/json.';

const frameworkWords: Readonly<Record<string, Words>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'INVALID_INPUT',
    summary: 'The body is of a type this address does not take.',
    advice: sendJson,
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'INVALID_INPUT', summary: 'The body is empty.', advice: sendJson },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'INVALID_INPUT',
    summary: 'The body is not valid JSON.',
    advice: 'Correct the JSON and send it again.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'TOO_LARGE',
    summary: 'The body is too large.',
    advice: 'Send less in one request.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'INVALID_INPUT',
    summary: 'The body is not as long as its Content-Length header says.',
    advice: 'Send the whole body.',
  },
  FST_ERR_BAD_URL: { code: 'INVALID_INPUT', summary: 'The address is not valid.', advice: 'Correct the address.' },
};
