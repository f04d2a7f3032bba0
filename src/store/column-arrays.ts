/**
 * Columns of many rows as PostgreSQL's binary arrays. node-postgres writes arrays as quoted text, which doubles JSON and
 * costs both sides a character-wise pass; a Buffer goes over as it is. Use with `unnest($1::text[], ...)`.
 */

const oids = { text: 25, int8: 20, timestamptz: 1184, uuid: 2950 } as const;
const headerBytes = 20;
/** PostgreSQL counts microseconds from 2000-01-01. */
const postgresEpochMs = 946_684_800_000;

/** For `$n::text[]`. Strings must be well-formed and without NUL. */
export function textColumn(values: readonly (string | null | undefined)[]): Buffer {
  let expected = headerBytes;
  for (const value of values) expected += 4 + (value?.length ?? 0);
  let buffer: Buffer = Buffer.allocUnsafe(expected);
  let pos = writeHeader(buffer, oids.text, values.length);
  for (const value of values) {
    if (value === null || value === undefined) {
      if (pos + 4 > buffer.length) buffer = larger(buffer, pos, 4);
      pos = buffer.writeInt32BE(-1, pos);
      continue;
    }
    // most text is ASCII, so there is room for a byte a character, and more is made when that was not enough
    if (pos + 4 + value.length * 3 > buffer.length) {
      const length = Buffer.byteLength(value);
      if (pos + 4 + length > buffer.length) buffer = larger(buffer, pos, 4 + length);
    }
    const length = buffer.write(value, pos + 4, 'utf8');
    buffer.writeInt32BE(length, pos);
    pos += 4 + length;
  }
  return buffer.subarray(0, pos);
}

function larger(buffer: Buffer, used: number, more: number): Buffer {
  const next = Buffer.allocUnsafe(used + more + (buffer.length >> 1));
  buffer.copy(next, 0, 0, used);
  return next;
}

/** For `$n::timestamptz[]`, from milliseconds of the Unix epoch; before the year 2285, since microseconds must be safe integers. */
export function timeColumn(values: readonly (number | null)[]): Buffer {
  return fixedColumn(oids.timestamptz, values, (ms) => (ms - postgresEpochMs) * 1000);
}

/** For `$n::int8[]`. */
export function integerColumn(values: readonly number[]): Buffer {
  return fixedColumn(oids.int8, values, (value) => value);
}

/** For `$n::uuid[]`; `write` puts the 16 bytes of a value at a place. */
export function uuidColumn<Value>(
  values: readonly Value[],
  write: (target: Buffer, pos: number, value: Value) => void,
): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + values.length * 20);
  let pos = writeHeader(buffer, oids.uuid, values.length);
  for (const value of values) {
    pos = buffer.writeInt32BE(16, pos);
    write(buffer, pos, value);
    pos += 16;
  }
  return buffer;
}

function fixedColumn(oid: number, values: readonly (number | null)[], toInteger: (value: number) => number): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + values.length * 12);
  let pos = writeHeader(buffer, oid, values.length);
  for (const value of values) {
    if (value === null) {
      pos = buffer.writeInt32BE(-1, pos);
    } else {
      pos = buffer.writeInt32BE(8, pos);
      pos = writeInteger(buffer, toInteger(value), pos);
    }
  }
  return buffer.subarray(0, pos);
}

/** 64 bits of a safe integer, without a BigInt for each. */
function writeInteger(buffer: Buffer, value: number, pos: number): number {
  buffer.writeInt32BE(Math.floor(value / 2 ** 32), pos);
  return buffer.writeUInt32BE(value >>> 0, pos + 4);
}

/** Dimensions, has-nulls flag, element type; then length and lower bound of the one dimension. */
function writeHeader(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return headerBytes;
}
