/** Which rows of a file name somebody whom an earlier row has named: the first row wins. */
import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { CsvRow } from './csv/layout.ts';

/** A column of identifiers, and the form in which two of them are the same. */
export interface IdentifierColumn {
  readonly index: number;
  readonly canonical: (cell: string) => string | null;
}

export interface Duplicates {
  /** Place of the column with which an earlier row has named the same person; null when none has. */
  columnOf(row: number): number | null;
}

const parts = 64;
/** Numbers of an entry: two of the identifier's hash, and its row. */
const entryNumbers = 3;

/**
 * Reads all rows once and finds the repeated ones in bounded memory, whatever the size of the file: identifiers become
 * 62-bit hashes, which are dealt by their first bits into 64 parts, kept on disk once they grow, and looked through one
 * after the other. What stays is one bit a row and column. Two people among ten million share a hash in one file of
 * ten thousand at most. The outcome depends on the file alone, so a restarted import finds the same.
 */
export async function findDuplicates(
  batches: AsyncIterable<readonly CsvRow[]>,
  columns: readonly IdentifierColumn[],
  options: { readonly tempDir: string; readonly partEntries?: number; readonly signal: AbortSignal },
): Promise<Duplicates> {
  await using spill = new Spill(options.tempDir);
  const buckets = Array.from({ length: parts }, () => new Part(spill, options.partEntries ?? 4096));
  let lastRow = 0;
  for await (const rows of batches) {
    options.signal.throwIfAborted();
    for (const { number, cells, fault } of rows) {
      lastRow = number;
      if (fault) continue;
      let kind = 0;
      for (const { index, canonical } of columns) {
        const cell = cells[index];
        const name = cell ? canonical(cell) : null;
        if (name !== null) {
          const [high, low] = hashOf(name, kind);
          buckets[high >>> 26]?.add(high, low, number);
        }
        kind++;
      }
    }
    for (const bucket of buckets) await bucket.spillIfFull();
  }
  const repeated = columns.map(() => new Uint8Array((lastRow >>> 3) + 1));
  for (const bucket of buckets) {
    options.signal.throwIfAborted();
    markRepeated(await bucket.entries(), repeated);
  }
  return {
    columnOf(row) {
      const kind = repeated.findIndex((bits) => ((bits[row >>> 3] ?? 0) >>> (row & 7)) & 1);
      return columns[kind]?.index ?? null;
    },
  };
}

/** Entries stand in the order of their rows, so the first one met is the first in the file. */
function markRepeated(entries: Uint32Array, repeated: readonly Uint8Array[]): void {
  const count = entries.length / entryNumbers;
  const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const seen = new Uint32Array(size);
  for (let entry = 0; entry < count; entry++) {
    const high = entries[entry * entryNumbers] ?? 0;
    const low = entries[entry * entryNumbers + 1] ?? 0;
    let slot = (low ^ (high << 5)) & (size - 1);
    for (let known = seen[slot]; known; known = seen[slot]) {
      const at = (known - 1) * entryNumbers;
      if (entries[at] === high && entries[at + 1] === low) break;
      slot = (slot + 1) & (size - 1);
    }
    if (!seen[slot]) {
      seen[slot] = entry + 1;
      continue;
    }
    const row = entries[entry * entryNumbers + 2] ?? 0;
    const bits = repeated[low & 3];
    if (bits) bits[row >>> 3] = (bits[row >>> 3] ?? 0) | (1 << (row & 7));
  }
}

/** Two numbers of 32 bits; the last two bits of the second say which column it was. */
function hashOf(text: string, kind: number): [high: number, low: number] {
  let a = 0x243f6a88 ^ kind;
  let b = 0x85a308d3 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    a ^= a >>> 15;
    b = Math.imul(b + unit, 0x85ebca77);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (b >>> 16), 0xc2b2ae3d);
  b = Math.imul(b ^ (a >>> 15), 0x27d4eb2f);
  a ^= b >>> 13;
  b ^= a >>> 16;
  return [a >>> 0, ((b & ~3) | kind) >>> 0];
}

/** The entries of one part: the newest in memory, the others on disk. */
class Part {
  readonly #spill: Spill;
  readonly #limit: number;
  readonly #places: { readonly offset: number; readonly bytes: number }[] = [];
  #entries: Uint32Array;
  #length = 0;

  constructor(spill: Spill, entries: number) {
    this.#spill = spill;
    this.#limit = entries * entryNumbers;
    this.#entries = new Uint32Array(this.#limit);
  }

  add(high: number, low: number, row: number): void {
    if (this.#length === this.#entries.length) {
      const larger = new Uint32Array(2 * this.#entries.length);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[this.#length++] = high;
    this.#entries[this.#length++] = low;
    this.#entries[this.#length++] = row;
  }

  async spillIfFull(): Promise<void> {
    if (this.#length < this.#limit) return;
    this.#places.push(await this.#spill.write(this.#bytes()));
    this.#length = 0;
  }

  async entries(): Promise<Uint32Array> {
    const spilled = this.#places.reduce((sum, place) => sum + place.bytes, 0);
    const all = new Uint32Array(spilled / 4 + this.#length);
    let at = 0;
    for (const place of this.#places) {
      await this.#spill.read(place.offset, new Uint8Array(all.buffer, at, place.bytes));
      at += place.bytes;
    }
    all.set(this.#entries.subarray(0, this.#length), at / 4);
    return all;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#entries.buffer, 0, this.#length * 4);
  }
}

/** A file without a name, made when it is first needed; it goes with the process. */
class Spill implements AsyncDisposable {
  readonly #folder: string;
  #file: FileHandle | null = null;
  #length = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(bytes: Uint8Array): Promise<{ offset: number; bytes: number }> {
    const file = (this.#file ??= await this.#make());
    const offset = this.#length;
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
    }
    this.#length += bytes.length;
    return { offset, bytes: bytes.length };
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    for (let done = 0; done < into.length;) {
      const got = (await this.#file?.read(into, done, into.length - done, offset + done))?.bytesRead ?? 0;
      if (got === 0) throw new Error('the scratch file of an import is shorter than what was written to it');
      done += got;
    }
  }

  async #make(): Promise<FileHandle> {
    const path = join(this.#folder, `wharf-import-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await rm(path, { force: true });
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}
