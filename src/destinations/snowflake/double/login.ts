/** Signing in with a key pair: the token is a JWT that the user's private key has signed. */
import { verify, type KeyObject } from 'node:crypto';
import type { Account, User } from './account.ts';
import { VendorError } from './errors.ts';

/** How far a token's times may be off. */
const toleranceMs = 60_000;

export interface LoginRequest {
  readonly loginName: string;
  readonly token: string;
  /** Of the connection. */
  readonly address: string;
  /** The server's clock. */
  readonly now: number;
}

/**
 * The user, and the role the session starts with.
 * @throws VendorError
 */
export function signIn(account: Account, request: LoginRequest): { readonly user: User; readonly role: string } {
  const user = account.users.get(request.loginName.toUpperCase());
  const invalid = new VendorError('390144', '08001', 'JWT token is invalid. [0d1c3b4a-5e6f-4a7b-8c9d-0e1f2a3b4c5d]');
  if (!user || !isValid(account, user, request)) throw invalid;
  if (!account.allows(user, request.address)) {
    throw new VendorError(
      '390422',
      '08001',
      `Incoming request with IP/Token ${request.address} is not allowed to access Snowflake. Contact your account administrator.`,
    );
  }
  if (user.disabled) {
    throw new VendorError('390101', '08001', 'User access disabled. Contact your local system administrator.');
  }
  if (user.locked) {
    throw new VendorError(
      '390102',
      '08001',
      'User temporarily locked. Try again later, or contact your local system administrator.',
    );
  }
  const role = user.defaultRole ?? 'PUBLIC';
  if (!user.roles.has(role) || !account.roleExists(role)) {
    throw new VendorError(
      '390189',
      '08001',
      `User's configured default role '${role}' is not granted to this user. Contact your local system administrator, or attempt to login using a CLI client with a connect string selecting another role, e.g. PUBLIC.`,
    );
  }
  return { user, role };
}

function isValid(account: Account, user: User, { token, now }: LoginRequest): boolean {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = parsed(body);
  const subject = `${account.name.split('.')[0]?.toUpperCase()}.${user.name}`;
  const key = [...user.keys].find(([fingerprint]) => claims['iss'] === `${subject}.${fingerprint}`)?.[1];
  if (!key || claims['sub'] !== subject || parsed(head)['alg'] !== 'RS256') return false;
  const signed = Buffer.from(`${head}.${body}`);
  if (!isSigned(signed, key, Buffer.from(signature, 'base64url'))) return false;
  return milliseconds(claims['exp']) > now && milliseconds(claims['iat']) < now + toleranceMs;
}

function isSigned(data: Buffer, key: KeyObject, signature: Buffer): boolean {
  return verify('RSA-SHA256', data, key, signature);
}

function parsed(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Some drivers write seconds, some milliseconds. */
function milliseconds(time: unknown): number {
  const value = Number(time ?? 0);
  return value > 1e11 ? value : value * 1000;
}
