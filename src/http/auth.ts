/** Who is asking: a person who is signed in, the holder of an account's API key, or the operator of this installation. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { allows, type Permission, type Role } from '../contract/roles.ts';
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import { mayNot, roleIn } from '../people/members.ts';
import type { Person, SignIn } from '../people/sign-in.ts';
import { findAccount, type Account } from '../store/accounts.ts';
import { authenticate } from '../store/api-keys.ts';
import { isSameOrigin } from './same-origin.ts';

/** A party that is known. The operator may enter every account. */
export type Identity = { readonly actor: string; readonly actorName: string } & (
  | { readonly kind: 'operator' }
  | { readonly kind: 'key'; readonly accountId: number }
  | { readonly kind: 'person'; readonly person: Person }
);

/** The single shape in which routes know who acts, and in which account. */
export interface Caller {
  readonly accountId: number;
  /** For the timeline: `operator`, `key:<id>` or `person:<id>`. */
  readonly actor: string;
  readonly actorName: string;
  /** Null for keys and the operator, who may do all. */
  readonly role: Role | null;
}

export interface AuthDeps {
  readonly db: Sql;
  readonly operatorToken: string;
  readonly signIn: SignIn;
  readonly publicUrl?: string | undefined;
}

export interface Auth {
  /** @throws AppError UNAUTHENTICATED, in the same words whatever was wrong; FORBIDDEN for another site's page */
  identify(request: FastifyRequest): Promise<Identity>;
  /**
   * @throws AppError NOT_FOUND, the same for an account that is not there and one that is not theirs; FORBIDDEN when
   * the role does not allow it
   */
  enter(identity: Identity, publicId: string, needs: Permission | null): Promise<Caller>;
}

export function createAuth(deps: AuthDeps): Auth {
  const { db, operatorToken } = deps;
  const operatorDigest = digest(operatorToken);
  return {
    async identify(request) {
      const { authorization, cookie } = request.headers;
      if (authorization === undefined && cookie !== undefined) return identifyPerson(deps, request);
      const token = bearerToken(authorization);
      if (token === null) throw unauthenticated('No key was sent.');
      if (timingSafeEqual(digest(token), operatorDigest))
        return { kind: 'operator', actor: 'operator', actorName: 'operator' };
      const key = token.startsWith('pk_') ? await authenticate(db, token) : null;
      if (!key) throw unauthenticated('The key is not valid.');
      return { kind: 'key', accountId: key.accountId, actor: `key:${key.keyId}`, actorName: `…${token.slice(-4)}` };
    },

    async enter(identity, publicId, needs) {
      const account = await findAccount(db, publicId);
      const entry = account && (await entryOf(db, identity, account));
      if (!entry) throw new AppError('NOT_FOUND', { summary: 'There is no such account here.' });
      if (entry.role && needs && !allows(entry.role, needs)) throw mayNot();
      const { actor, actorName } = identity;
      return { accountId: account.id, actor, actorName, role: entry.role };
    },
  };
}

/** Null when the account is not theirs. */
async function entryOf(db: Sql, identity: Identity, account: Account): Promise<{ role: Role | null } | null> {
  if (identity.kind === 'operator') return { role: null };
  if (identity.kind === 'key') return identity.accountId === account.id ? { role: null } : null;
  const role = await roleIn(db, account.id, identity.person.id);
  return role && { role };
}

async function identifyPerson({ signIn, publicUrl }: AuthDeps, request: FastifyRequest): Promise<Identity> {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD' && !isSameOrigin(headers, publicUrl)) {
    throw new AppError('FORBIDDEN', { summary: 'This request does not come from the pages of Wharf.' });
  }
  const person = await signIn.whoIs(new Headers({ cookie: headers.cookie ?? '' }));
  if (!person) throw unauthenticated('Nobody is signed in.');
  return { kind: 'person', person, actor: `person:${person.id}`, actorName: person.name };
}

/** @throws AppError FORBIDDEN */
export function requireOperator(identity: Identity): void {
  if (identity.kind === 'operator') return;
  throw new AppError('FORBIDDEN', {
    summary: 'Only the operator of this installation may do this.',
    advice: 'Use the operator token, which is kept in the data folder of Wharf.',
  });
}

function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{1,200})$/i.exec(header ?? '')?.[1] ?? null;
}

/** Digests have one length, so that comparing them takes the same time for every guess. */
export function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function unauthenticated(summary: string): AppError {
  return new AppError('UNAUTHENTICATED', {
    summary,
    advice: 'Sign in, or send an API key of the account or the operator token as "Authorization: Bearer ...".',
  });
}
