/** Lists that come page by page, newest first. */
import type { Endpoint, Out } from '#contract/endpoint.ts';
import type { Input } from '#contract/client.ts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from './api.ts';

interface Page<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
}

type ItemOf<E extends Endpoint> = Out<E['reply']> extends Page<infer Item> ? Item : never;

export interface Pages<Item> {
  /** Of all pages read so far; null before the first. */
  readonly items: readonly Item[] | null;
  /** Of the last attempt; what was read before is still there. */
  readonly error: Error | null;
  readonly retry: () => void;
  /** Null on the last page. */
  readonly older: { readonly read: () => void; readonly isReading: boolean } | null;
}

/** `refresh`: after so many milliseconds all of it is read again. */
export function usePages<E extends Endpoint>(
  endpoint: E,
  input: Input<E>,
  refresh: false | ((items: readonly ItemOf<E>[]) => number) = false,
): Pages<ItemOf<E>> {
  const { params, query } = input as { params?: object; query?: object };
  const pages = useInfiniteQuery({
    queryKey: [endpoint.path, 'pages', params ?? {}, query ?? {}],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const asked = { ...input, query: { ...query, ...(cursor ? { cursor } : {}) }, signal } as Input<E>;
      return (await api.call(endpoint, asked)) as Page<ItemOf<E>>;
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => refresh && refresh(state.data?.pages.flatMap(({ data }) => data) ?? []),
  });
  return {
    items: pages.data?.pages.flatMap(({ data }) => data) ?? null,
    error: pages.error,
    retry: () => void pages.refetch(),
    older: pages.hasNextPage ? { read: () => void pages.fetchNextPage(), isReading: pages.isFetchingNextPage } : null,
  };
}

/** All of a list, whose pages are read one after the other. */
export function useAllPages<E extends Endpoint>(endpoint: E, input: Input<E>): readonly ItemOf<E>[] {
  const { items, older } = usePages(endpoint, input);
  const read = older && !older.isReading ? older.read : null;
  useEffect(() => read?.());
  return items ?? [];
}
