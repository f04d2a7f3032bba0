/** Private keys as people paste them. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const smallestBits = 2048;

export type PrivateKey = { readonly pem: string } | { readonly problem: string };

/** The key as PKCS#8 PEM in the form the driver takes, or what is wrong with it and how to put it right. */
export function readPrivateKey(typed: string): PrivateKey {
  const text = typed.replaceAll('\\n', '\n').replaceAll('\r\n', '\n').trim();
  const problem = wrongKind(text);
  if (problem) return { problem };
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch {
    return { problem: 'The private key is damaged or not whole; paste the file again, with its first and last line.' };
  }
  if (key.asymmetricKeyType !== 'rsa') {
    return { problem: 'Snowflake needs an RSA key; this one is of another kind. Make one as the guide shows.' };
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < smallestBits) return { problem: `The key has ${bits} bits; Snowflake needs at least ${smallestBits}.` };
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** The public half as `ALTER USER ... SET RSA_PUBLIC_KEY` takes it; null when there is no usable private key. */
export function publicKeyOf(typed: string): string | null {
  const key = readPrivateKey(typed);
  if ('problem' in key) return null;
  return createPublicKey(key.pem).export({ type: 'spki', format: 'der' }).toString('base64');
}

function wrongKind(text: string): string | null {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return 'The private key is protected by a passphrase. Write one without: openssl pkcs8 -topk8 -nocrypt -in rsa_key.p8 -out rsa_key_plain.p8';
  }
  if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) {
    return 'The private key is in the older PKCS#1 form. Convert it: openssl pkcs8 -topk8 -nocrypt -in rsa_key.pem -out rsa_key.p8';
  }
  if (text.startsWith('-----BEGIN EC PRIVATE KEY-----')) {
    return 'Snowflake needs an RSA key; this one is for elliptic curves. Make one as the guide shows.';
  }
  if (/^-----BEGIN (RSA )?PUBLIC KEY-----|^ssh-/.test(text)) {
    return 'This is the public key; it belongs into the set-up script. Paste the private key (rsa_key.p8) here.';
  }
  if (text.startsWith('-----BEGIN CERTIFICATE-----')) {
    return 'This is a certificate. Paste the private key (rsa_key.p8) here.';
  }
  if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) {
    return 'A private key starts with -----BEGIN PRIVATE KEY-----; paste the whole file (rsa_key.p8).';
  }
  return null;
}
