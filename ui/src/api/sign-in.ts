/** `POST /auth/*`, the only addresses beside the contract's. */

export class SignInError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.name = 'SignInError';
    this.status = status;
  }
}

/** @throws SignInError 401 for a wrong address or password, 429 after too many tries; TypeError without network */
export async function signIn(email: string, password: string): Promise<void> {
  await post('/auth/sign-in/email', { email, password });
}

/** @throws SignInError 400 for a link that was used or has ended */
export async function enterByLink(token: string): Promise<void> {
  await post('/auth/one-time-token/verify', { token });
}

export async function signOut(): Promise<void> {
  await post('/auth/sign-out', {});
}

/** Of the person who is signed in. */
export async function savePreferences(preferences: {
  language?: string;
  theme?: string;
  name?: string;
}): Promise<void> {
  await post('/auth/update-user', preferences);
}

/** Ends every other session. @throws SignInError 400 when the present password is wrong */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await post('/auth/change-password', { currentPassword, newPassword, revokeOtherSessions: true });
}

async function post(path: string, body: object): Promise<void> {
  const reply = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new SignInError(reply.status);
}
