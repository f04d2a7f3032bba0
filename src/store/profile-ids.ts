import { randomBytes } from 'node:crypto';
import { ulid } from '../kernel/ids.ts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const tailLength = 8;
const tailSpan = 32 ** tailLength;
/** Between two ids there is room for others made at the same millisecond. */
const maxStep = 4096;

/**
 * Makes ULIDs of one millisecond, each greater than the one before, so that a batch of new rows lands side by side in the
 * index. The last 40 bits count up by chance from a chance start; the 40 before them are as random as ever.
 */
export function ascendingIds(atMs: number): () => string {
  let head = '';
  let tail = tailSpan;
  return () => {
    tail += 1 + Math.floor(Math.random() * maxStep);
    if (tail >= tailSpan) {
      head = ulid(atMs).slice(0, -tailLength);
      tail = randomBytes(4).readUInt32BE();
    }
    return head + inBase32(tail);
  };
}

function inBase32(value: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < tailLength; i++) {
    text = crockford.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
