import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAscending, toPage, type ListPage, type PageRequest } from './list-page.ts';

interface Row {
  readonly id: string;
  readonly sort_key: string;
}

/** What a statement returns: rows after the place in the direction of the scan, one more than the page holds. */
function fetch(rows: readonly Row[], page: PageRequest): ListPage<Row> {
  const ascending = isAscending(page);
  const place = page.from ? page.from.key + page.from.id : null;
  const after = (row: Row): boolean => {
    if (place === null) return true;
    return ascending ? row.sort_key + row.id > place : row.sort_key + row.id < place;
  };
  const ordered = ascending ? rows : rows.toReversed();
  return toPage(ordered.filter(after).slice(0, page.size + 1), page);
}

test('walking forth and back shows every row once, in order, and knows both ends', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.integer({ min: 1, max: 5 }), fc.boolean(), (count, size, descending) => {
      const rows = Array.from({ length: count }, (_, i) => ({
        // keys repeat, ids do not
        sort_key: String.fromCharCode(97 + Math.floor(i / 3)),
        id: String(i).padStart(2, '0'),
      }));
      const inOrder = descending ? rows.toReversed() : rows;
      const pages: ListPage<Row>[] = [fetch(rows, { size, descending, from: null })];
      for (let at = pages[0]?.next; at; at = pages.at(-1)?.next) {
        pages.push(fetch(rows, { size, descending, from: { ...at, direction: 'next' } }));
      }
      expect(pages.flatMap((page) => page.rows)).toEqual(inOrder);
      expect(pages[0]?.prev).toBeNull();
      for (let i = pages.length - 1; i > 0; i--) {
        const at = pages[i]?.prev;
        expect(at).not.toBeNull();
        const back = fetch(rows, { size, descending, from: at ? { ...at, direction: 'prev' } : null });
        expect(back).toEqual(pages[i - 1]);
      }
    }),
  );
});
