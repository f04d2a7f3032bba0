import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import { JsonSyntaxError, type DoorNote } from '../../kernel/json-text-scanner.ts';
import { parseJson } from '../../kernel/json-text.ts';
import { ApiError, maxBodyBytes, tooLarge, type Problem } from './api-error.ts';

/** A parsed request body. `notes` tell what was replaced on the way (NUL, lone surrogates), by JSON pointer. */
export interface Body {
  readonly value: unknown;
  readonly notes: readonly DoorNote[];
}

export type Members = Readonly<Record<string, unknown>>;

/** Members whose value is the customer's own: kept as text, so that numbers and key order survive. */
export const rawKeys: ReadonlySet<string> = new Set(['properties', 'value', 'location', 'append', 'unappend', 'unset']);

const decoders: Readonly<Record<string, (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(inflate),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
};

/** @throws ApiError 400 (not JSON, not UTF-8, damaged compression), 413, 415 (unknown compression) */
export async function readBody(bytes: Buffer, encoding: string | undefined): Promise<Body> {
  const plain = await decompress(bytes, encoding);
  if (!isUtf8(plain)) throw notJson('it is not valid UTF-8', undefined);
  try {
    return parseJson(plain.toString('utf8'), { rawKeys });
  } catch (cause) {
    if (cause instanceof JsonSyntaxError) throw notJson(cause.message, cause);
    throw cause;
  }
}

function notJson(why: string, cause: unknown): ApiError {
  return new ApiError(400, { detail: `The body is not valid JSON: ${why}.`, source: { pointer: '/data' } }, { cause });
}

async function decompress(bytes: Buffer, encoding = 'identity'): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (!decode) throw new ApiError(415, { detail: 'The body may be compressed with gzip, deflate or br.' });
  try {
    return await decode(bytes, { maxOutputLength: maxBodyBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw new ApiError(400, { detail: `The body is not valid ${encoding}.` }, { cause });
  }
}

/** The pointer of something below another; an empty path is the thing itself. */
export function pointerTo(base: string, path: string): string {
  return path === '' ? base : `${base}/${path}`;
}

const maxProblems = 100;

/** Checks the shape of a body and collects every problem with its JSON pointer. */
export class BodyCheck {
  readonly problems: Problem[] = [];

  add(pointer: string, detail: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ detail, source: { pointer } });
  }

  object(value: unknown, pointer: string): Members | null {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
    this.add(pointer, value === undefined ? 'This object is required.' : 'This must be an object.');
    return null;
  }

  array(value: unknown, pointer: string): readonly unknown[] | null {
    if (Array.isArray(value)) return value;
    this.add(pointer, value === undefined ? 'This list is required.' : 'This must be a list.');
    return null;
  }

  /** A member that is text or null; undefined when absent or (with a problem) of another type. */
  text(members: Members, name: string, pointer: string): string | null | undefined {
    const value = members[name];
    if (value === undefined || value === null || typeof value === 'string') return value;
    this.add(`${pointer}/${name}`, 'This must be text or null.');
    return undefined;
  }

  requiredText(members: Members, name: string, pointer: string): string | null {
    const value = members[name];
    if (typeof value === 'string' && value !== '') return value;
    this.add(`${pointer}/${name}`, value === undefined ? 'This text is required.' : 'This must be text and not empty.');
    return null;
  }

  boolean(members: Members, name: string, pointer: string): void {
    const value = members[name];
    if (value !== undefined && value !== null && typeof value !== 'boolean') {
      this.add(`${pointer}/${name}`, 'This must be true or false.');
    }
  }

  /** A resource object of the given type. */
  resource(value: unknown, type: string, pointer: string): Members | null {
    const resource = this.object(value, pointer);
    if (resource && resource['type'] !== type) this.add(`${pointer}/type`, `This must be "${type}".`);
    return resource;
  }

  /** The attributes of the resource object of the given type. */
  attributes(value: unknown, type: string, pointer: string): Members | null {
    const resource = this.resource(value, type, pointer);
    return resource && this.object(resource['attributes'], `${pointer}/attributes`);
  }

  /** The document's `data`. */
  data(body: Body): unknown {
    return this.object(body.value, '')?.['data'];
  }

  /** @throws ApiError 400 with all problems */
  throwIfAny(): void {
    if (this.problems.length > 0) throw new ApiError(400, this.problems);
  }
}
