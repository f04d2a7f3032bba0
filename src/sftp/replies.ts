/** Replies of SFTP version 3, written as whole packets. */
import { wireString, wireU32, wireU64 } from '../kernel/ssh-wire.ts';
import { statusCode, statusMessage, type Status } from './status.ts';

/** What a client is told about a file or folder. */
export interface Attributes {
  readonly isFolder: boolean;
  readonly size: number;
  readonly modifiedAt: Date;
}

export interface Entry {
  readonly name: string;
  readonly attributes: Attributes;
}

/** In bytes. */
export interface Room {
  readonly total: number;
  readonly free: number;
}

export const limits = {
  /** Of a packet, its length not counted. */
  packet: 256 * 1024,
  write: 255 * 1024,
  handles: 32,
} as const;

export function versionReply(): Buffer {
  const extensions = [
    ['posix-rename@openssh.com', '1'],
    ['statvfs@openssh.com', '2'],
    ['fstatvfs@openssh.com', '2'],
    ['fsync@openssh.com', '1'],
    ['lsetstat@openssh.com', '1'],
    ['limits@openssh.com', '1'],
  ] as const;
  return packet(2, [wireU32(3), ...extensions.flatMap((pair) => pair.map(wireString))]);
}

export function statusReply(id: number, status: Status, message: string = statusMessage(status)): Buffer {
  return packet(101, [wireU32(id), wireU32(statusCode(status)), wireString(message), wireString('')]);
}

export function handleReply(id: number, handle: number): Buffer {
  return packet(102, [wireU32(id), wireString(wireU32(handle))]);
}

export function nameReply(id: number, entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry) => [
    wireString(entry.name),
    wireString(longName(entry)),
    attributeBytes(entry.attributes),
  ]);
  return packet(104, [wireU32(id), wireU32(entries.length), ...parts]);
}

/** Of REALPATH: the one name, without attributes. */
export function pathReply(id: number, path: string): Buffer {
  return packet(104, [wireU32(id), wireU32(1), wireString(path), wireString(path), wireU32(0)]);
}

export function attributesReply(id: number, attributes: Attributes): Buffer {
  return packet(105, [wireU32(id), attributeBytes(attributes)]);
}

export function limitsReply(id: number): Buffer {
  const values = [limits.packet, limits.write, limits.write, limits.handles];
  return packet(201, [wireU32(id), ...values.map(wireU64)]);
}

/** As statvfs(3): blocks of 4 KiB; files are not counted. */
export function roomReply(id: number, { total, free }: Room): Buffer {
  const block = 4096;
  const blocks = [total, free, free].map((bytes) => Math.floor(bytes / block));
  const files = 1_000_000;
  const readOnlyNo = 0;
  const values = [block, block, ...blocks, files, files, files, 1, readOnlyNo, 255];
  return packet(201, [wireU32(id), ...values.map(wireU64)]);
}

function packet(type: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  return Buffer.concat([wireU32(length), Buffer.of(type), ...parts], 4 + length);
}

function attributeBytes({ isFolder, size, modifiedAt }: Attributes): Buffer {
  const flags = 1 | 2 | 4 | 8;
  const nobody = 65_534;
  const seconds = secondsOf(modifiedAt);
  return Buffer.concat([
    wireU32(flags),
    wireU64(size),
    wireU32(nobody),
    wireU32(nobody),
    wireU32(isFolder ? 0o040755 : 0o100644),
    wireU32(seconds),
    wireU32(seconds),
  ]);
}

/** The protocol has 32 bits for it. */
function secondsOf(date: Date): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(date.getTime() / 1000)));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line of `ls -l`, which some clients show as it is. */
function longName({ name, attributes: { isFolder, size, modifiedAt } }: Entry): string {
  const day = String(modifiedAt.getUTCDate()).padStart(2);
  const time = modifiedAt.toISOString().slice(11, 16);
  const date = `${months[modifiedAt.getUTCMonth()]} ${day} ${time}`;
  return `${isFolder ? 'drwxr-xr-x' : '-rw-r--r--'}    1 wharf    wharf    ${String(size).padStart(12)} ${date} ${name}`;
}
