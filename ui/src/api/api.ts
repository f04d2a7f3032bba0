/** The server, as the pages ask it. Nothing else of the pages talks to the network. */
import { createClient, type Input } from '#contract/client.ts';
import type { Endpoint, Out } from '#contract/endpoint.ts';
import { queryOptions, useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { noticing } from './presence.ts';

export const api = noticing(createClient({ baseUrl: window.location.origin }));

/** For `useQuery`: `useQuery(ask(endpoints.listSyncs, { params: { account } }))`. */
export function ask<E extends Endpoint>(endpoint: E, input: Input<E>) {
  const { params, query } = input as { params?: unknown; query?: unknown };
  return queryOptions({
    queryKey: [endpoint.path, endpoint.method, params ?? {}, query ?? {}],
    queryFn: ({ signal }): Promise<Out<E['reply']>> => api.call(endpoint, { ...input, signal }),
  });
}

/** For what changes something: afterwards everything that is shown is asked again. */
export function useChange<E extends Endpoint>(endpoint: E): UseMutationResult<Out<E['reply']>, Error, Input<E>> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<E>) => api.call(endpoint, input),
    // not waited for: the caller's own next step must come before what is shown changes under it
    onSettled: () => void queries.invalidateQueries(),
  });
}
