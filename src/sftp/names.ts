/** Paths of clients. None ever reaches the disk: they are looked up among the account's uploads. */
import { posix } from 'node:path';
import { SftpError } from './status.ts';

export const folders = ['profiles', 'events'] as const;
export type Folder = (typeof folders)[number];

export interface FilePlace {
  readonly kind: 'file';
  readonly folder: Folder;
  readonly name: string;
}

export type Place =
  | { readonly kind: 'root' }
  | { readonly kind: 'folder'; readonly folder: Folder }
  | FilePlace
  | { readonly kind: 'nowhere' };

const longestPath = 4096;
const longestName = 255;

/**
 * Names that are imported, for JavaScript and PostgreSQL alike. All others wait for their rename: clients write under names such as
 * `.in.x.csv`, `x.csv.filepart` or `x.csv.partial` first.
 */
export const importable = '^[^.].*\\.csv$';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Absolute and normal: no `.` or `..`, composed as NFC. @throws SftpError for bytes that cannot be a path */
export function readPath(bytes: Buffer): string {
  if (bytes.length > longestPath) throw new SftpError('failure', 'File name too long');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new SftpError('failure', 'The file name is not valid UTF-8');
  }
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) throw new SftpError('failure', 'The file name holds control characters');
  const path = posix.normalize(`/${text.normalize('NFC')}`);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** @throws SftpError when the name is too long */
export function placeOf(path: string): Place {
  if (path === '/') return { kind: 'root' };
  const [, first = '', name, ...deeper] = path.split('/');
  const folder = folders.find((known) => known === first);
  if (!folder || deeper.length > 0) return { kind: 'nowhere' };
  if (name === undefined) return { kind: 'folder', folder };
  if (Buffer.byteLength(name) > longestName) throw new SftpError('failure', 'File name too long');
  return { kind: 'file', folder, name };
}
