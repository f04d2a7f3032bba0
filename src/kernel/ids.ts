import { randomBytes, randomInt } from 'node:crypto';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A ULID: 26 characters, 48 bits of milliseconds then 80 random bits, so that ids sort by time of making. */
export function ulid(atMs: number = Date.now()): string {
  let time = atMs;
  let head = '';
  for (let i = 0; i < 10; i++) {
    head = crockford.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = '';
  for (const byte of randomBytes(16)) tail += crockford.charAt(byte & 31);
  return head + tail;
}

/** A short public id: accounts and metrics have six characters, as in Klaviyo. */
export function shortId(length = 6): string {
  let id = '';
  for (let i = 0; i < length; i++) id += alphanumeric.charAt(randomInt(alphanumeric.length));
  return id;
}
