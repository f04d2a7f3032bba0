import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { api, ask } from '../../api/api.ts';

const reconnectMs = 3_000;

/** The syncs of the account, as they move: the server sends them again whenever one has changed. */
export function useLiveSyncs(account: string) {
  const queries = useQueryClient();
  const query = ask(endpoints.listSyncs, { params: { account } });
  const { queryKey } = query;
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    const stop = new AbortController();
    const watch = async (): Promise<void> => {
      for await (const line of api.lines(endpoints.watchSyncs, { params: { account }, signal: stop.signal })) {
        queries.setQueryData(JSON.parse(key) as unknown[], line);
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
