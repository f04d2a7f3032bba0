/** better-auth over our own tables. In a file of its own, so that a service where nobody signs in does without its memory. */
import { betterAuth } from 'better-auth';
import { oneTimeToken } from 'better-auth/plugins/one-time-token';
import type pg from 'pg';
import { ulid } from '../kernel/ids.ts';
import { addressHeader, hashOfLink, passwordLength } from './sign-in-rules.ts';

export type Engine = ReturnType<typeof createEngine>;

/** Tries per minute and address. */
const rateLimit = {
  enabled: true,
  storage: 'database' as const,
  modelName: 'sign_in_rate',
  fields: { lastRequest: 'last_request' },
  window: 60,
  max: 100,
  customRules: {
    '/sign-in/email': { window: 60, max: 8 },
    '/one-time-token/verify': { window: 60, max: 8 },
    '/change-password': { window: 60, max: 5 },
  },
};

export function createEngine(pool: pg.Pool, { secret, secure }: { readonly secret: string; readonly secure: boolean }) {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return betterAuth({
    basePath: '/auth',
    secret,
    database: pool,
    // checked by the caller of `handle`, which knows the address people reach us by
    trustedOrigins: (request) => [request?.headers.get('origin') ?? ''],
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
    rateLimit,
    plugins: [
      oneTimeToken({
        disableClientRequest: true,
        storeToken: { type: 'custom-hasher', hash: async (token) => hashOfLink(token) },
      }),
    ],
    advanced: {
      database: { generateId: () => ulid() },
      cookiePrefix: 'wharf',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
  });
}
