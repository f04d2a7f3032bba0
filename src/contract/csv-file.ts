/** Bodies that are CSV files: bytes that are passed on as they come, never parsed as JSON. */
import { z } from 'zod';

export const csvMediaType = 'text/csv';

type Bytes = AsyncIterable<Uint8Array | string>;

/** Of a request; browsers send a `File`. */
export const csvUpload = z.custom<Bytes | Blob>(
  (value) => value instanceof Blob || isIterable(value),
  `must be a file, sent with the header Content-Type: ${csvMediaType}`,
);

/** Of a reply. */
export const csvDownload = z.custom<Bytes>(isIterable);

export function isCsv(schema: z.ZodType | null): boolean {
  return schema === csvUpload || schema === csvDownload;
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
