/** Passwords and sessions, by better-auth over our own tables. Accounts, roles and invitations are ours (`members.ts`). */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { AppError } from '../kernel/app-error.ts';
import type { Service } from '../kernel/service.ts';
import type { Engine } from './auth-engine.ts';
import { addressHeader, hashOfLink, passwordLength, signInLinkMinutes } from './sign-in-rules.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Of the web app; null follows the browser. */
  readonly language: string | null;
  readonly theme: string | null;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface SignIn extends Service {
  /**
   * Answers `POST /auth/*`: sign in, sign out, change the password. The caller has made sure that the request comes from our
   * own page; `address` is the client's own.
   */
  handle(request: Request, address: string): Promise<Response>;
  /** Whose session the cookie is; null without a valid one. */
  whoIs(headers: Headers): Promise<Person | null>;
  /** @throws AppError CONFLICT when the address is taken; INVALID_INPUT */
  createPerson(person: NewPerson): Promise<Person>;
  /** Whether anybody signs in with the address; without one, whether anybody signs in at all. */
  isKnown(email?: string): Promise<boolean>;
  /**
   * A token that lets whoever sends it to `/auth/one-time-token/verify` in as the person, once and within
   * `signInLinkMinutes`. Only its hash is kept.
   * @throws AppError NOT_FOUND
   */
  createLink(email: string): Promise<string>;
}

export interface SignInOptions {
  readonly databaseUrl: string;
  /** Signs cookies. */
  readonly secret: string;
  /** Whether browsers come over https. */
  readonly secure: boolean;
}

const allowed = new Set([
  '/auth/sign-in/email',
  '/auth/one-time-token/verify',
  '/auth/sign-out',
  '/auth/change-password',
  '/auth/update-user',
]);

export function createSignIn(options: SignInOptions): SignIn {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 3, application_name: 'wharf sign-in' });
  pool.on('error', () => undefined);
  let loading: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> =>
    (loading ??= import('./auth-engine.ts').then((file) => file.createEngine(pool, options)));
  const handle = async (request: Request, address: string): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (!allowed.has(pathname)) return Response.json({ code: 'NOT_FOUND' }, { status: 404 });
    const headers = new Headers(request.headers);
    headers.set(addressHeader, address);
    return (await engine()).handler(new Request(request, { headers }));
  };
  return {
    start: async () => undefined,
    stop: () => pool.end(),
    handle,
    async whoIs(headers) {
      const session = await (await engine()).api.getSession({ headers });
      return session && personOf(session.user);
    },
    async createPerson({ name, email, password }) {
      const { internalAdapter, password: hashing } = await (await engine()).$context;
      const address = checkedEmail(email);
      if (password.length < passwordLength.min || password.length > passwordLength.max) throw weakPassword();
      if (await internalAdapter.findUserByEmail(address)) throw taken();
      const user = await internalAdapter.createUser(
        { name: name.trim(), email: address, emailVerified: true },
        { method: 'email-password' },
      );
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await hashing.hash(password),
      });
      return personOf(user);
    },
    async isKnown(email) {
      const { internalAdapter } = await (await engine()).$context;
      if (email === undefined) return (await internalAdapter.countTotalUsers()) > 0;
      return (await internalAdapter.findUserByEmail(email)) !== null;
    },
    async createLink(email) {
      const { internalAdapter } = await (await engine()).$context;
      const found = await internalAdapter.findUserByEmail(email.trim().toLowerCase());
      if (!found) throw new AppError('NOT_FOUND', { summary: 'Nobody signs in with this e-mail address.' });
      const token = randomBytes(24).toString('base64url');
      const session = await internalAdapter.createSession(found.user.id);
      await internalAdapter.createVerificationValue({
        // where better-auth's one-time-token looks for it
        identifier: `one-time-token:${hashOfLink(token)}`,
        value: session.token,
        expiresAt: new Date(Date.now() + signInLinkMinutes * 60_000),
      });
      return token;
    },
  };
}

type Stored = Pick<Person, 'id' | 'name' | 'email'> & Partial<Record<'language' | 'theme', string | null | undefined>>;

function personOf({ id, name, email, language, theme }: Stored): Person {
  return { id, name, email, language: language ?? null, theme: theme ?? null };
}

function checkedEmail(email: string): string {
  const address = email.trim().toLowerCase();
  if (address.length <= 200 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) return address;
  throw new AppError('INVALID_INPUT', {
    summary: 'This is not an e-mail address.',
    details: { problems: [{ field: 'email', message: 'must be an e-mail address' }] },
  });
}

function weakPassword(): AppError {
  const message = `must have ${passwordLength.min} to ${passwordLength.max} characters`;
  return new AppError('INVALID_INPUT', {
    summary: `The password ${message}.`,
    details: { problems: [{ field: 'password', message }] },
  });
}

function taken(): AppError {
  return new AppError('CONFLICT', { summary: 'Somebody already signs in with this e-mail address.' });
}
