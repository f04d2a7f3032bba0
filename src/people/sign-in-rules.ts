import { createHash } from 'node:crypto';

/** The header through which the server, never a client, says where a request comes from. */
export const addressHeader = 'x-wharf-client-address';

export const passwordLength = { min: 10, max: 128 } as const;

export const signInLinkMinutes = 60;

/** What is kept of the token in a sign-in link. */
export function hashOfLink(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
