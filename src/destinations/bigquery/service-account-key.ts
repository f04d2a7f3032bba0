import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** What Wharf uses of a service account's key file. */
export interface ServiceAccountKey {
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Where keys of all ages send their owner for tokens. Wharf asks Google itself, whatever a pasted file says. */
const tokenServices: readonly string[] = [
  'https://oauth2.googleapis.com/token',
  'https://accounts.google.com/o/oauth2/token',
  'https://www.googleapis.com/oauth2/v4/token',
];

const otherCredentials: Readonly<Record<string, string>> = {
  authorized_user: 'These are the credentials of a person. Create a key of a service account and paste that file.',
  external_account:
    'This is a configuration of workload identity federation, which holds no key. Create a key of a service account and paste that file.',
  external_account_authorized_user:
    'This is a configuration of workforce identity federation, which holds no key. Create a key of a service account and paste that file.',
  impersonated_service_account:
    'These credentials impersonate a service account. Create a key of the service account itself and paste that file.',
};

export const serviceAccountEmail = /^[a-z0-9][a-z0-9._-]*@[a-z0-9.-]+\.gserviceaccount\.com$/;

const pasteWhole = 'Paste the whole key file, unchanged, from the first { to the last }.';

const file = z.object({
  client_email: z.string().regex(serviceAccountEmail),
  private_key: z.string().refine(isRsaKey),
  project_id: z.string().min(1),
  token_uri: z.string(),
  universe_domain: z.literal('googleapis.com').optional(),
});

const memberProblems: Readonly<Record<string, string>> = {
  client_email: `The key file has no e-mail address of a service account (client_email). ${pasteWhole}`,
  private_key: `The private key in it (private_key) cannot be read. ${pasteWhole}`,
  project_id: `The key file names no project (project_id). ${pasteWhole}`,
  token_uri: `The key file names no token service (token_uri). ${pasteWhole}`,
  universe_domain: 'The key is of another cloud than Google Cloud itself (universe_domain), which is not supported.',
};

/** The key, or a sentence that says what is wrong with the text. */
export function parseServiceAccountKey(text: string): ServiceAccountKey | { readonly problem: string } {
  const json = parseObject(text);
  if (!json) return { problem: notAnObject(text) };
  if ('installed' in json || 'web' in json) {
    return {
      problem: 'This is an OAuth client, which signs people in. Create a key of a service account and paste that file.',
    };
  }
  const { type } = json;
  if (type !== 'service_account') {
    const known = typeof type === 'string' && Object.hasOwn(otherCredentials, type) ? otherCredentials[type] : null;
    return { problem: known ?? `The key file must be of the type "service_account". ${pasteWhole}` };
  }
  const parsed = file.safeParse(json);
  if (!parsed.success) return { problem: memberProblems[String(parsed.error.issues[0]?.path[0])] ?? pasteWhole };
  if (!tokenServices.includes(parsed.data.token_uri)) {
    return {
      problem:
        "The key file names a token service that is not Google's (token_uri). Download the key again from the Google Cloud console.",
    };
  }
  return { clientEmail: parsed.data.client_email, privateKey: parsed.data.private_key };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function notAnObject(text: string): string {
  return text.includes('-----BEGIN') && !text.includes('{')
    ? `This is the private key alone. ${pasteWhole}`
    : `This is not a key file in JSON. ${pasteWhole}`;
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
