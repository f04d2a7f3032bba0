/** Values that many resources share. */
import { z } from 'zod';

/** Ids are opaque; a wrong one is simply not found. */
export const id = z.string().regex(/^[\w.:-]{1,100}$/, 'is not an id');

/** Of a reply: an instant in UTC. */
export const instant = z.iso.datetime({ precision: 3 }).describe('UTC, ISO 8601, milliseconds.');

export const accountParams = z.strictObject({ account: id.describe('Public id of the account, six characters.') });

/** A name people give to a thing. */
export const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'may have at most 200 characters')
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'must not hold control characters');

export const pageQuery = {
  cursor: z
    .string()
    .regex(/^[\x21-\x7e]{1,500}$/, 'is not a cursor')
    .optional()
    .describe('`next` of the page before.'),
  size: z.coerce.number().int().min(1).max(100).default(20).describe('Entries per page.'),
};

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item) });
}

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
  });
}
