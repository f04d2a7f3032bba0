/** Requests of SFTP version 3 (draft-ietf-secsh-filexfer-02) and OpenSSH's extensions, read from packets. */
import { WireReader } from '../kernel/ssh-wire.ts';
import { readPath } from './names.ts';
import { SftpError } from './status.ts';

/** What a client sends along about a file; all of it may be absent. */
export interface GivenAttributes {
  readonly size?: number;
  /** Seconds since 1970. */
  readonly modifiedAt?: number;
}

export interface OpenFlags {
  readonly read: boolean;
  readonly write: boolean;
  readonly append: boolean;
  readonly create: boolean;
  readonly truncate: boolean;
  readonly exclusive: boolean;
}

export type Request =
  | { readonly kind: 'open'; readonly path: string; readonly flags: OpenFlags }
  | { readonly kind: 'close' | 'read' | 'fstat' | 'readdir' | 'fsync'; readonly handle: number }
  | { readonly kind: 'stat' | 'opendir' | 'remove' | 'mkdir' | 'rmdir' | 'realpath' | 'statvfs'; readonly path: string }
  | { readonly kind: 'setstat'; readonly path: string; readonly attributes: GivenAttributes }
  | { readonly kind: 'fsetstat'; readonly handle: number; readonly attributes: GivenAttributes }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly replace: boolean }
  | { readonly kind: 'limits' };

export interface WriteRequest {
  readonly id: number;
  readonly handle: number;
  readonly offset: number;
  /** A view of the packet. */
  readonly data: Buffer;
}

export const packetTypes = { init: 1, write: 6 } as const;

export function packetType(packet: Buffer): number {
  return packet[0] ?? 0;
}

/** @throws WireError */
export function readInit(packet: Buffer): { readonly version: number } {
  return { version: new WireReader(packet, 1).u32() };
}

/** @throws WireError */
export function readWrite(packet: Buffer): WriteRequest {
  const reader = new WireReader(packet, 1);
  return { id: reader.u32(), handle: handleOf(reader), offset: reader.u64(), data: reader.string() };
}

/** @throws WireError */
export function requestId(packet: Buffer): number {
  return new WireReader(packet, 1).u32();
}

/** Any request but INIT and WRITE. @throws WireError for broken packets, SftpError for what is refused whatever it says */
export function readRequest(packet: Buffer): Request {
  const reader = new WireReader(packet, 5);
  const read = readers[packetType(packet)];
  if (!read) throw new SftpError('unsupported');
  return read(reader);
}

const pathOf = (reader: WireReader): string => readPath(reader.string());
const onPath =
  (kind: 'stat' | 'opendir' | 'remove' | 'mkdir' | 'rmdir' | 'realpath' | 'statvfs') =>
  (reader: WireReader): Request => ({ kind, path: pathOf(reader) });
const onHandle =
  (kind: 'close' | 'read' | 'fstat' | 'readdir' | 'fsync') =>
  (reader: WireReader): Request => ({ kind, handle: handleOf(reader) });
const setStat = (reader: WireReader): Request => ({
  kind: 'setstat',
  path: pathOf(reader),
  attributes: attributesOf(reader),
});
const rename =
  (replace: boolean) =>
  (reader: WireReader): Request => ({ kind: 'rename', from: pathOf(reader), to: pathOf(reader), replace });

const extensions: Readonly<Record<string, (reader: WireReader) => Request>> = {
  'posix-rename@openssh.com': rename(true),
  'fsync@openssh.com': onHandle('fsync'),
  'statvfs@openssh.com': onPath('statvfs'),
  'fstatvfs@openssh.com': (reader) => {
    handleOf(reader);
    return { kind: 'statvfs', path: '/' };
  },
  'lsetstat@openssh.com': setStat,
  'limits@openssh.com': () => ({ kind: 'limits' }),
};

const readers: Readonly<Record<number, (reader: WireReader) => Request>> = {
  3: (reader) => ({ kind: 'open', path: pathOf(reader), flags: flagsOf(reader.u32()) }),
  4: onHandle('close'),
  5: onHandle('read'),
  7: onPath('stat'),
  8: onHandle('fstat'),
  9: setStat,
  10: (reader) => ({ kind: 'fsetstat', handle: handleOf(reader), attributes: attributesOf(reader) }),
  11: onPath('opendir'),
  12: onHandle('readdir'),
  13: onPath('remove'),
  14: onPath('mkdir'),
  15: onPath('rmdir'),
  16: onPath('realpath'),
  17: onPath('stat'),
  18: rename(false),
  200: (reader) => {
    const name = reader.string().toString('latin1');
    const read = Object.hasOwn(extensions, name) ? extensions[name] : undefined;
    if (!read) throw new SftpError('unsupported');
    return read(reader);
  },
};

/** Ours are four bytes; any other string names no handle. */
function handleOf(reader: WireReader): number {
  const bytes = reader.string();
  return bytes.length === 4 ? bytes.readUInt32BE() : 0;
}

function flagsOf(bits: number): OpenFlags {
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return { read: has(1), write: has(2), append: has(4), create: has(8), truncate: has(16), exclusive: has(32) };
}

function attributesOf(reader: WireReader): GivenAttributes {
  if (reader.left === 0) return {};
  const flags = reader.u32();
  const size = flags & 1 ? { size: reader.u64() } : {};
  if (flags & 2) reader.take(8); // owner and group
  if (flags & 4) reader.take(4); // permissions
  if (!(flags & 8)) return size;
  reader.take(4); // last access
  return { ...size, modifiedAt: reader.u32() };
}
