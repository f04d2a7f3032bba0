import { createHash } from 'node:crypto';
import { ApiError } from './api-error.ts';
import { readInstant } from './instant.ts';

/** A place in an ordered list: the row after which (or before which) the page begins. */
export interface Position {
  /** The row's value of the sort key, as text. */
  readonly key: string;
  readonly id: string;
  readonly direction: 'next' | 'prev';
}

/**
 * A cursor as the caller sees it: opaque base64url. `scope` names the operation, sort and filter it belongs to; a cursor is refused
 * with any other. It holds nothing secret and grants nothing: the account always comes from the key.
 */
export function encodeCursor(position: Position, scope: string): string {
  const parts = [position.direction, position.key, position.id];
  return Buffer.from(JSON.stringify([...parts, checksum(parts, scope)])).toString('base64url');
}

/**
 * What a list is sorted by: text, a time, (events) a time with a uuid as id, or a count. A cursor is made by us but handed in by anyone,
 * so its parts are checked like any input.
 */
export type CursorKind = 'text' | 'instant' | 'event' | 'count';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * @param text a cursor, or a whole `links.next` URL: some clients hand that back as it is
 * @throws ApiError 400
 */
export function decodeCursor(text: string, scope: string, kind: CursorKind): Position {
  const parts = readParts(cursorOfUrl(text));
  const [direction, key, id, sum] = parts;
  if (parts.length !== 4 || key === undefined || id === undefined || (direction !== 'next' && direction !== 'prev')) {
    throw refused();
  }
  if (sum !== checksum([direction, key, id], scope)) throw refused();
  if (key.includes('\0') || id.includes('\0')) throw refused();
  if ((kind === 'instant' || kind === 'event') && readInstant(key) === null) throw refused();
  if (kind === 'count' && !/^\d{1,9}$/.test(key)) throw refused();
  if (kind === 'event' && !uuid.test(id)) throw refused();
  return { key, id, direction };
}

function readParts(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) return parts;
  } catch {
    // not JSON: the same refusal as any other foreign text
  }
  throw refused();
}

function cursorOfUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return text;
  return new URL(text).searchParams.get('page[cursor]') ?? '';
}

function checksum(parts: readonly string[], scope: string): string {
  return createHash('sha256')
    .update(JSON.stringify([...parts, scope]))
    .digest('base64url')
    .slice(0, 12);
}

function refused(): ApiError {
  return new ApiError(400, {
    detail: 'The cursor is not one of this list; take it from links.next of a page with the same filter and sort.',
    source: { parameter: 'page[cursor]' },
  });
}
