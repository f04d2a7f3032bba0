import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireString } from '../kernel/ssh-wire.ts';
import { BufferPool, discard, PacketSplitter } from './packets.ts';

test('packets come out as they went in, wherever the stream is cut', () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 })), (packets, cuts) => {
      const stream = Buffer.concat(packets.map((bytes) => wireString(Buffer.from(bytes))));
      const splitter = new PacketSplitter(50, new BufferPool());
      const out: Buffer[] = [];
      let at = 0;
      for (const length of [...cuts, stream.length]) {
        const chunk = Buffer.from(stream.subarray(at, at + length));
        if (chunk.length > 0) out.push(...splitter.push(chunk));
        at += length;
      }
      expect(out).toEqual(packets.map((bytes) => Buffer.from(bytes)));
    }),
  );
});

test('a length that no packet has ends it', () => {
  for (const length of [0, 51, 0xffff_ffff]) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => [...new PacketSplitter(50, new BufferPool()).push(head)]).toThrow(`a packet of ${length} bytes`);
  }
});

test('memory of large packets is used again, and never for two at once', () => {
  const pool = new BufferPool();
  const first = pool.take(200_000);
  const second = pool.take(200_000);
  expect([first.length, second.length, first.buffer === second.buffer]).toEqual([200_000, 200_000, false]);
  pool.giveBack(first);
  const third = pool.take(250_000);
  expect([third.length, third.buffer === first.buffer]).toEqual([250_000, true]);
  expect(pool.take(30_000).buffer).not.toBe(first.buffer);
  const small = pool.take(100);
  pool.giveBack(small);
  expect(pool.take(40_000).buffer).not.toBe(small.buffer);
});

test('bytes in a buffer of their own are given back at once, as are those of one packet', () => {
  const own = Buffer.from(new ArrayBuffer(65_536));
  const packet = Buffer.from(new ArrayBuffer(32_800), 10, 32_768);
  for (const bytes of [own, packet]) {
    discard(bytes);
    expect(bytes.buffer.byteLength).toBe(0);
  }
});

test('small bytes, and bytes that share their buffer with others, are left alone', () => {
  const shared = Buffer.from(new ArrayBuffer(65_536), 0, 60_000);
  const pooled = Buffer.allocUnsafe(Buffer.poolSize / 2 - 1);
  const small = Buffer.from(new ArrayBuffer(1000));
  for (const bytes of [shared, pooled, small]) {
    const { length } = bytes;
    discard(bytes);
    expect(bytes).toHaveLength(length);
  }
});
