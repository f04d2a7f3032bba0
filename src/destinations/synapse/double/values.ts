/** Columns and rows of DuckDB as TDS types and values. */
import { DuckDBTypeId, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { TdsWriter } from './tds-writer.ts';
import { collation } from './tokens.ts';

interface TdsType {
  /** Type id and what follows it in the column's description. */
  readonly info: Buffer;
  /** A value with its length. */
  encode(value: DuckDBValue): Buffer;
}

export function typesOf(types: readonly DuckDBType[]): readonly TdsType[] {
  return types.map(({ typeId }) => tdsTypes.get(typeId) ?? text);
}

export function columnMetadata(names: readonly string[], types: readonly TdsType[]): Buffer {
  const writer = new TdsWriter().byte(0x81).u16(names.length);
  for (const [i, name] of names.entries()) {
    // user type 0; nullable, updatable unknown
    writer
      .u32(0)
      .u16(0x09)
      .raw(types[i]?.info ?? text.info)
      .text8(name);
  }
  return writer.bytes();
}

export function row(values: readonly DuckDBValue[], types: readonly TdsType[]): Buffer {
  return Buffer.concat([Buffer.of(0xd1), ...values.map((value, i) => (types[i] ?? text).encode(value))]);
}

const integer = (bytes: 1 | 2 | 4 | 8): TdsType => ({
  info: Buffer.of(0x26, bytes),
  encode: (value) => {
    if (value === null) return Buffer.of(0);
    const part = Buffer.alloc(bytes + 1);
    part[0] = bytes;
    if (bytes === 8) part.writeBigInt64LE(BigInt(value as bigint), 1);
    else if (bytes === 1) part.writeUInt8(Number(value), 1);
    else part.writeIntLE(Number(value), 1, bytes);
    return part;
  },
});

const bit: TdsType = {
  info: Buffer.of(0x68, 1),
  encode: (value) => (value === null ? Buffer.of(0) : Buffer.of(1, value === true ? 1 : 0)),
};

const float: TdsType = {
  info: Buffer.of(0x6d, 8),
  encode: (value) => {
    if (value === null) return Buffer.of(0);
    const part = Buffer.alloc(9);
    part[0] = 8;
    part.writeDoubleLE(Number(value), 1);
    return part;
  },
};

const microsOfDay = 86_400_000_000n;
/** From 0001-01-01, from which TDS counts, to 1970-01-01. */
const daysBefore1970 = 719_162;

const date: TdsType = {
  info: Buffer.of(0x28),
  encode: (value) => {
    if (value === null) return Buffer.of(0);
    const part = Buffer.alloc(4);
    part[0] = 3;
    part.writeUIntLE((value as { readonly days: number }).days + daysBefore1970, 1, 3);
    return part;
  },
};

/** datetime2(6) */
const time: TdsType = {
  info: Buffer.of(0x2a, 6),
  encode: (value) => {
    if (value === null) return Buffer.of(0);
    const { micros } = value as { readonly micros: bigint };
    const ofDay = ((micros % microsOfDay) + microsOfDay) % microsOfDay;
    const part = Buffer.alloc(9);
    part[0] = 8;
    part.writeUIntLE(Number(ofDay & 0xffff_ffffn), 1, 4);
    part[5] = Number(ofDay >> 32n);
    part.writeUIntLE(Number((micros - ofDay) / microsOfDay) + daysBefore1970, 6, 3);
    return part;
  },
};

/** nvarchar(max), in one chunk. */
const text: TdsType = {
  info: Buffer.concat([Buffer.of(0xe7, 0xff, 0xff), collation]),
  encode: (value) => {
    if (value === null) return Buffer.alloc(8, 0xff);
    const content = Buffer.from(String(value), 'utf16le');
    const writer = new TdsWriter().u64(BigInt(content.length));
    if (content.length > 0) writer.u32(content.length).raw(content);
    return writer.u32(0).bytes();
  },
};

const tdsTypes = new Map<DuckDBTypeId, TdsType>([
  [DuckDBTypeId.BOOLEAN, bit],
  [DuckDBTypeId.TINYINT, integer(2)],
  [DuckDBTypeId.UTINYINT, integer(1)],
  [DuckDBTypeId.SMALLINT, integer(2)],
  [DuckDBTypeId.INTEGER, integer(4)],
  [DuckDBTypeId.BIGINT, integer(8)],
  [DuckDBTypeId.HUGEINT, integer(8)],
  [DuckDBTypeId.FLOAT, float],
  [DuckDBTypeId.DOUBLE, float],
  [DuckDBTypeId.DATE, date],
  [DuckDBTypeId.TIMESTAMP, time],
]);
