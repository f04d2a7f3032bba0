import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Endpoint } from '#contract/endpoint.ts';
import { endpoints } from '#contract/endpoints.ts';
import type { Sync } from '#contract/syncs.ts';
import { api, ask } from '../../api/api.ts';

const reconnectMs = 3_000;

/** What else has changed once a sync looks different. */
const dependents: readonly Endpoint[] = [
  endpoints.getConnection,
  endpoints.listRuns,
  endpoints.getRun,
  endpoints.listTimeline,
  endpoints.listErrors,
];

/**
 * The syncs of the account, as they move: the server sends them again whenever one has changed. Runs, errors and the timeline
 * on the page follow them.
 */
export function useLiveSyncs(account: string) {
  const queries = useQueryClient();
  const query = ask(endpoints.listSyncs, { params: { account } });
  const { queryKey } = query;
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    const stop = new AbortController();
    const watch = async (): Promise<void> => {
      for await (const line of api.lines(endpoints.watchSyncs, { params: { account }, signal: stop.signal })) {
        const shown = queries.getQueryData<typeof line>(queryKeyOf(key));
        queries.setQueryData(queryKeyOf(key), line);
        if (shown && look(shown) !== look(line)) void askAgain(queries, dependents);
      }
    };
    const watchForEver = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        await watch().catch(() => undefined);
        await new Promise((done) => setTimeout(done, reconnectMs));
      }
    };
    void watchForEver();
    return () => stop.abort();
  }, [account, queries, key]);
  return useQuery(query);
}

function queryKeyOf(text: string): readonly unknown[] {
  return JSON.parse(text) as unknown[];
}

/** Freshness grows by itself, which changes nothing else. */
function look({ data }: { data: readonly Sync[] }): string {
  return JSON.stringify(data.map((sync) => ({ ...sync, freshnessSeconds: null })));
}

function askAgain(queries: QueryClient, of: readonly Endpoint[]): Promise<void> {
  return queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => of.some((one) => one.path === path) });
}
