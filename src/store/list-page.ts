/** Keyset paging: a page continues after a row, never at an offset, so that rows that come or go in between are not missed. */

/** A place in an ordered list, as one of its rows shows it. */
export interface Edge {
  /** The row's value of the sort key, as text. */
  readonly key: string;
  readonly id: string;
}

export interface PageRequest {
  readonly size: number;
  readonly descending: boolean;
  /** Null: from the beginning. */
  readonly from: (Edge & { readonly direction: 'next' | 'prev' }) | null;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** The last row when more follow it, the first when some stand before it. */
  readonly next: Edge | null;
  readonly prev: Edge | null;
}

/** Whether the statement must run in ascending order; backwards pages run in the opposite order of the list. */
export function isAscending(page: PageRequest): boolean {
  return page.descending === (page.from?.direction === 'prev');
}

/** Makes a page of up to `size + 1` rows as the statement returned them. */
export function toPage<Row extends { readonly id: string; readonly sort_key: string }>(
  fetched: readonly Row[],
  page: PageRequest,
): ListPage<Row> {
  const more = fetched.length > page.size;
  const rows = fetched.slice(0, page.size);
  const backwards = page.from?.direction === 'prev';
  if (backwards) rows.reverse();
  const edge = (row: Row | undefined): Edge | null => (row ? { key: row.sort_key, id: row.id } : null);
  return {
    rows,
    next: backwards || more ? edge(rows.at(-1)) : null,
    prev: (backwards ? more : page.from !== null) ? edge(rows[0]) : null,
  };
}
