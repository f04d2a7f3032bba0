import { createVerify, randomBytes } from 'node:crypto';
import type { Cloud } from './cloud.ts';
import { VendorError } from './vendor-error.ts';

const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const audience = 'https://oauth2.googleapis.com/token';
const scopes = ['https://www.googleapis.com/auth/bigquery', 'https://www.googleapis.com/auth/cloud-platform'];
const lifetimeSeconds = 3600;
const leewaySeconds = 300;

interface TokenAnswer {
  readonly status: number;
  readonly body: object;
}

/** The token service: takes signed assertions, gives access tokens, and knows whose they are. */
export class Tokens {
  readonly #cloud: Cloud;
  readonly #issued = new Map<string, { readonly email: string; readonly expires: number }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  exchange(form: URLSearchParams): TokenAnswer {
    if (form.get('grant_type') !== grant) return refusal('unsupported_grant_type', 'Invalid grant_type');
    const parts = (form.get('assertion') ?? '').split('.');
    const claims = decoded(parts[1]);
    if (parts.length !== 3 || decoded(parts[0])?.['alg'] !== 'RS256' || !claims) {
      return refusal('invalid_grant', 'Invalid JWT: Failed to parse the assertion.');
    }
    const account = this.#cloud.accounts.get(String(claims['iss']));
    if (!account) return refusal('invalid_grant', 'Invalid grant: account not found');
    const signed = [...account.publicKeys.values()].some((key) =>
      createVerify('RSA-SHA256')
        .update(`${parts[0]}.${parts[1]}`)
        .verify(key, parts[2] ?? '', 'base64url'),
    );
    if (!signed) return refusal('invalid_grant', 'Invalid JWT Signature.');
    if (!this.#timely(Number(claims['iat']), Number(claims['exp']))) {
      return refusal(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    }
    if (claims['aud'] !== audience) return refusal('invalid_grant', 'Invalid JWT: Failed audience check.');
    if (!scopes.some((scope) => String(claims['scope']).split(' ').includes(scope))) {
      return refusal('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    }
    const token = `ya29.c.${randomBytes(48).toString('base64url')}`;
    this.#issued.set(token, { email: account.email, expires: this.#cloud.now() + lifetimeSeconds * 1000 });
    return { status: 200, body: { access_token: token, expires_in: lifetimeSeconds - 1, token_type: 'Bearer' } };
  }

  /** The e-mail a call is signed for. */
  owner(authorization: string | undefined): string {
    const issued = this.#issued.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    if (issued && issued.expires > this.#cloud.now() && this.#cloud.accounts.has(issued.email)) return issued.email;
    throw new VendorError(
      401,
      'authError',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    );
  }

  #timely(issuedAt: number, expires: number): boolean {
    const now = this.#cloud.now() / 1000;
    return issuedAt <= now + leewaySeconds && expires > now && expires - issuedAt <= lifetimeSeconds;
  }
}

function refusal(error: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description } };
}

function decoded(part = ''): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}
