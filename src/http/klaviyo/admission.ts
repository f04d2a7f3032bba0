import type { FastifyReply, FastifyRequest } from 'fastify';
import { findAccount, getAccount, type Account } from '../../store/accounts.ts';
import { authenticate } from '../../store/api-keys.ts';
import { ApiError } from './api-error.ts';
import type { KlaviyoApiDeps } from './call.ts';
import type { Operation } from './operation.ts';
import type { RateLimiter, Verdict } from './rate-limit.ts';
import { readRevision } from './revision.ts';

/**
 * Whose request it is, once its revision, its key and its share of the limits are found to be in order. Sets the headers about them.
 * @throws ApiError 400, 401, 429
 */
export async function admitRequest(
  deps: KlaviyoApiDeps,
  limiter: RateLimiter,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Account> {
  if (request.url.includes('%00')) throw new ApiError(400, { detail: 'The address holds a NUL character.' });
  reply.header('revision', readRevision(request.headers.revision));
  const account = await accountOf(deps, operation, request);
  count(limiter.take(`${account.id} ${operation.id}`, limitOf(operation, request)), reply);
  return account;
}

async function accountOf(deps: KlaviyoApiDeps, operation: Operation, request: FastifyRequest): Promise<Account> {
  if (operation.access === 'client') {
    const companyId = (request.query as Record<string, unknown>)['company_id'];
    const account = typeof companyId === 'string' ? await findAccount(deps.db, companyId) : null;
    if (account) return account;
    throw new ApiError(400, {
      detail: 'company_id must be the public id of an account.',
      source: { parameter: 'company_id' },
    });
  }
  const header = request.headers.authorization ?? '';
  const [, key] = /^Klaviyo-API-Key\s+(\S+)\s*$/i.exec(header) ?? [];
  if (key === undefined) throw new ApiError(401, { detail: 'Missing or invalid private key.' });
  const known = await authenticate(deps.db, key);
  const account = known && (await getAccount(deps.db, known.accountId));
  if (account) return account;
  throw new ApiError(401, {
    code: 'authentication_failed',
    title: 'Incorrect authentication credentials.',
    detail: 'Incorrect authentication credentials.',
  });
}

function limitOf(operation: Operation, request: FastifyRequest): Operation['limit'] {
  const parameters = request.query as Record<string, unknown>;
  const lower = operation.lowerLimits?.find(({ parameter, value }) => {
    const given = parameters[parameter];
    return typeof given === 'string' && given.split(',').includes(value);
  });
  return lower?.limit ?? operation.limit;
}

/** @throws ApiError 429 */
function count(verdict: Verdict | null, reply: FastifyReply): void {
  if (!verdict) return;
  if (!verdict.admitted) {
    const seconds = verdict.retryAfterSeconds;
    throw new ApiError(
      429,
      { detail: `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.` },
      { headers: { 'retry-after': String(seconds) } },
    );
  }
  reply.headers({
    'ratelimit-limit': String(verdict.limit),
    'ratelimit-remaining': String(verdict.remaining),
    'ratelimit-reset': String(verdict.resetSeconds),
  });
}
