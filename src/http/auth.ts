/** Who is asking: the holder of an account's API key, or the operator of this installation. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { findAccount, type Account } from '../store/accounts.ts';
import { authenticate } from '../store/api-keys.ts';

/** A signed-in party. `accountId` null is the operator, who may enter every account. */
export interface Identity {
  readonly accountId: number | null;
  /** For the timeline: `operator`, or `key:<id>`. */
  readonly actor: string;
}

/** The single shape in which routes know who acts, and in which account. */
export interface Caller {
  readonly accountId: number;
  readonly actor: string;
}

export interface AuthDeps {
  readonly db: Sql;
  readonly operatorToken: string;
}

export interface Auth {
  /** @throws AppError UNAUTHENTICATED, in the same words whatever was wrong with the key */
  identify(request: FastifyRequest): Promise<Identity>;
  /** @throws AppError NOT_FOUND, the same for an account that is not there and one that is not theirs */
  enter(identity: Identity, publicId: string): Promise<Account>;
}

export function createAuth({ db, operatorToken }: AuthDeps): Auth {
  const operatorDigest = digest(operatorToken);
  return {
    async identify(request) {
      const token = bearerToken(request.headers.authorization);
      if (token === null) throw unauthenticated('No key was sent.');
      if (timingSafeEqual(digest(token), operatorDigest)) return { accountId: null, actor: 'operator' };
      const key = token.startsWith('pk_') ? await authenticate(db, token) : null;
      if (!key) throw unauthenticated('The key is not valid.');
      return { accountId: key.accountId, actor: `key:${key.keyId}` };
    },

    async enter(identity, publicId) {
      const account = await findAccount(db, publicId);
      const admitted = account !== null && (identity.accountId === null || identity.accountId === account.id);
      if (!admitted) throw new AppError('NOT_FOUND', { summary: 'There is no such account here.' });
      return account;
    },
  };
}

/** @throws AppError FORBIDDEN */
export function requireOperator(identity: Identity): void {
  if (identity.accountId === null) return;
  throw new AppError('FORBIDDEN', {
    summary: 'Only the operator of this installation may do this.',
    advice: 'Use the operator token, which is kept in the data folder of Wharf.',
  });
}

function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{1,200})$/i.exec(header ?? '')?.[1] ?? null;
}

/** Digests have one length, so that comparing them takes the same time for every guess. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function unauthenticated(summary: string): AppError {
  return new AppError('UNAUTHENTICATED', {
    summary,
    advice: 'Send an API key of the account, or the operator token, as "Authorization: Bearer ...".',
  });
}
