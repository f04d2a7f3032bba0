/** A public key as people paste it: one line of a `.pub` file. Whatever else is pasted is told what it is. */
import { AppError } from '../kernel/app-error.ts';
import { WireError, WireReader } from '../kernel/ssh-wire.ts';
import { isSshKeyType, parseSshKeyBlob, sshKeyTypes, UnfitKeyError, type SshPublicKey } from './ssh-key-blob.ts';

const makeOne = 'Make a key with "ssh-keygen -t ed25519" and paste the one line of the file that ends in .pub.';
const pasteLine = 'Paste the one line of the file that ends in .pub; it begins with the type, such as ssh-ed25519.';

/** Longer than any key that is accepted, its comment included. */
const longestText = 16_384;

/**
 * `type base64 comment`, nothing before the type. The comment is not kept.
 * @throws AppError INVALID_INPUT saying what was pasted instead, why it will not do, and what to do
 */
export function parseSshPublicKey(text: string): SshPublicKey {
  const line = text.trim();
  refuseOtherForms(line);
  if (line.length > longestText) throw refused('The text is too long for a public key.', pasteLine);
  if (/[\r\n]/.test(line)) {
    throw refused('The text has more than one line; a public key is exactly one.', `${pasteLine} Add keys one by one.`);
  }
  const [type = '', base64 = ''] = line.split(/[ \t]+/);
  refuseOtherTypes(type, line);
  const blob = Buffer.from(base64, 'base64');
  if (base64 === '' || blob.toString('base64') !== base64) {
    throw refused('The key after the type is not complete, or not base64.', 'Copy the whole line again.');
  }
  const inner = innerType(blob);
  if (inner !== type) {
    const what = inner === null ? 'is not a key' : `is a key of the type ${inner}`;
    throw refused(`The line says ${type}, but what follows ${what}.`, 'Copy the whole line again, unchanged.');
  }
  return parsedBlob(blob, type);
}

interface OtherForm {
  readonly pattern: RegExp;
  readonly what: string;
  readonly advice: string;
}

const otherForms: readonly OtherForm[] = [
  { pattern: /^$/, what: 'There is no key.', advice: makeOne },
  {
    pattern: /^PuTTY-User-Key-File-/m,
    what: "This is PuTTY's file of a private key. Never give it to anyone, this service included.",
    advice:
      'Load it in PuTTYgen and copy the text under "Public key for pasting into OpenSSH authorized_keys file". If others could see what you pasted, make a new key.',
  },
  {
    pattern: /-----BEGIN[A-Z0-9 ]* PRIVATE KEY-----/,
    what: 'This is a private key. Never give it to anyone, this service included.',
    advice:
      'Paste the public key instead: the one line of the file that ends in .pub. If others could see what you pasted, make a new key.',
  },
  {
    pattern: /^---- BEGIN SSH2 PUBLIC KEY ----/m,
    what: 'This public key is in the format of RFC 4716, as PuTTYgen saves it.',
    advice:
      'Convert it with "ssh-keygen -i -f FILE", or copy the text under "Public key for pasting into OpenSSH authorized_keys file" in PuTTYgen.',
  },
  {
    pattern: /-----BEGIN PUBLIC KEY-----/,
    what: 'This public key is in PEM format (PKCS#8).',
    advice: 'Convert it with "ssh-keygen -i -m PKCS8 -f FILE" and paste the line it prints.',
  },
  {
    pattern: /-----BEGIN RSA PUBLIC KEY-----/,
    what: 'This public key is in PEM format (PKCS#1).',
    advice: 'Convert it with "ssh-keygen -i -m PEM -f FILE" and paste the line it prints.',
  },
  { pattern: /-----BEGIN [A-Z0-9 ]*CERTIFICATE/, what: 'This is a certificate, not a key.', advice: pasteLine },
];

function refuseOtherForms(text: string): void {
  const form = otherForms.find(({ pattern }) => pattern.test(text));
  if (form) throw refused(form.what, form.advice);
}

function refuseOtherTypes(type: string, line: string): void {
  if (isSshKeyType(type)) return;
  if (/-cert-v\d\d@openssh\.com$/.test(type)) {
    throw refused(
      'This is an SSH certificate; certificates are not accepted.',
      'Paste the public key it was made for.',
    );
  }
  if (type === 'ssh-dss') {
    throw refused('This is a DSA key, which is too weak: OpenSSH itself does not take it any more.', makeOne);
  }
  if (/^(sk-)?(ssh|ecdsa)-[\w@.-]+$/.test(type)) {
    throw refused('Keys of this type are not accepted.', `Accepted are ${sshKeyTypes.join(', ')}. ${makeOne}`);
  }
  if (sshKeyTypes.some((known) => line.includes(`${known} AAAA`))) {
    throw refused(
      'Something stands before the type of the key, such as options of an authorized_keys file or the host of a known_hosts file.',
      'Paste the line from the type on.',
    );
  }
  throw refused('This is not an SSH public key.', pasteLine);
}

function innerType(blob: Buffer): string | null {
  try {
    const type = new WireReader(blob).string().toString('latin1');
    return /^[\w@.-]{1,64}$/.test(type) ? type : null;
  } catch {
    return null;
  }
}

function parsedBlob(blob: Buffer, type: string): SshPublicKey {
  try {
    return parseSshKeyBlob(blob);
  } catch (error) {
    if (error instanceof UnfitKeyError) throw refused(error.message, makeOne, error);
    if (!(error instanceof WireError)) throw error;
    throw refused(
      `The key is damaged: it is not what a key of the type ${type} looks like.`,
      'Copy the whole line again.',
      error,
    );
  }
}

function refused(summary: string, advice: string, cause?: unknown): AppError {
  return new AppError('INVALID_INPUT', { summary, advice, cause });
}
