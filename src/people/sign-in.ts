/** Passwords and sessions, by better-auth over our own tables. Accounts, roles and invitations are ours (`members.ts`). */
import { betterAuth } from 'better-auth';
import pg from 'pg';
import { AppError } from '../kernel/app-error.ts';
import { ulid } from '../kernel/ids.ts';
import type { Service } from '../kernel/service.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface SignIn extends Service {
  /** Answers `/auth/*`: sign in, sign out, change the password. `address` is the client's own. */
  handle(request: Request, address: string): Promise<Response>;
  /** Whose session the cookie is; null without a valid one. */
  whoIs(headers: Headers): Promise<Person | null>;
  /** @throws AppError CONFLICT when the address is taken; INVALID_INPUT */
  createPerson(person: NewPerson): Promise<Person>;
  /** `set-cookie` headers of a new session. */
  startSession(person: NewPerson, address: string): Promise<readonly string[]>;
}

export interface SignInOptions {
  readonly databaseUrl: string;
  /** Origins that browsers may send from. */
  readonly origins: () => readonly string[];
  /** Signs cookies. */
  readonly secret: string;
  /** Whether browsers come over https. */
  readonly secure: boolean;
}

/** The header through which the server, never a client, says where a request comes from. */
const addressHeader = 'x-wharf-client-address';
const allowed = new Set(['/auth/sign-in/email', '/auth/sign-out', '/auth/change-password', '/auth/update-user']);

export const passwordLength = { min: 10, max: 128 } as const;

export function createSignIn(options: SignInOptions): SignIn {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 3, application_name: 'wharf sign-in' });
  pool.on('error', () => undefined);
  const auth = createAuth(pool, options);
  const handle = async (request: Request, address: string): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (!allowed.has(pathname)) return Response.json({ code: 'NOT_FOUND' }, { status: 404 });
    // browsers send it with every POST; better-auth looks at it only beside a cookie
    if (!options.origins().includes(request.headers.get('origin') ?? ''))
      return Response.json({ code: 'FOREIGN_ORIGIN' }, { status: 403 });
    const headers = new Headers(request.headers);
    headers.set(addressHeader, address);
    return auth.handler(new Request(request, { headers }));
  };
  return {
    start: async () => void (await auth.$context),
    stop: () => pool.end(),
    handle,
    async whoIs(headers) {
      const session = await auth.api.getSession({ headers });
      return session && { id: session.user.id, name: session.user.name, email: session.user.email };
    },
    async createPerson({ name, email, password }) {
      const { internalAdapter, password: hashing } = await auth.$context;
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
      return { id: user.id, name: user.name, email: user.email };
    },
    async startSession({ email, password }, address) {
      const [origin = 'http://localhost'] = options.origins();
      const request = new Request(`${origin}/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ email, password }),
      });
      return (await handle(request, address)).headers.getSetCookie();
    },
  };
}

function createAuth(pool: pg.Pool, { origins, secret, secure }: SignInOptions) {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return betterAuth({
    basePath: '/auth',
    secret,
    database: pool,
    trustedOrigins: () => [...origins()],
    logger: { disabled: true },
    telemetry: { enabled: false },
    // people come by invitation or by the first set-up
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    user: {
      modelName: 'person',
      fields: { ...times, emailVerified: 'email_verified' },
      additionalFields: {
        language: { type: 'string', required: false },
        theme: { type: 'string', required: false },
      },
    },
    session: {
      modelName: 'person_session',
      fields: {
        ...times,
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      expiresIn: 14 * 86_400,
      updateAge: 86_400,
    },
    account: {
      modelName: 'person_credential',
      fields: {
        ...times,
        userId: 'person_id',
        providerId: 'provider_id',
        accountId: 'provider_account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
      },
    },
    verification: { modelName: 'person_verification', fields: { ...times, expiresAt: 'expires_at' } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'sign_in_rate',
      fields: { lastRequest: 'last_request' },
      window: 60,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 8 }, '/change-password': { window: 60, max: 5 } },
    },
    advanced: {
      database: { generateId: () => ulid() },
      cookiePrefix: 'wharf',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  });
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
