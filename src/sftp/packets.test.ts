import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireString } from '../kernel/ssh-wire.ts';
import { PacketSplitter } from './packets.ts';

test('packets come out as they went in, wherever the stream is cut', () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 30 })), (packets, cuts) => {
      const stream = Buffer.concat(packets.map((bytes) => wireString(Buffer.from(bytes))));
      const splitter = new PacketSplitter(50);
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
    expect(() => [...new PacketSplitter(50).push(head)]).toThrow(`a packet of ${length} bytes`);
  }
});
