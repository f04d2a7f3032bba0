import { AppError } from '../kernel/app-error.ts';
import type { Page } from './types.ts';

/** @throws AppError INVALID_INPUT */
export function pageSize(size: number): number {
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw new AppError('INVALID_INPUT', {
    summary: 'A page has 1 to 100 items.',
    details: { problems: [{ field: 'size', message: 'must be a whole number from 1 to 100' }] },
  });
}

/** A page from one row more than it holds: the extra one only tells that there is a next page. */
export function pageOf<Item extends { readonly id: string }>(rows: readonly Item[], size: number): Page<Item> {
  const items = rows.slice(0, size);
  return { items, nextCursor: rows.length > size ? (items.at(-1)?.id ?? null) : null };
}
