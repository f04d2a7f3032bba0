/** Whether the server answers and the session still holds. The frame shows it when not; the screens need not care. */
import { ApiError, type Client } from '#contract/client.ts';
import { createSignal } from '../parts/signal.ts';

export const isServerGone = createSignal(false);
export const isSessionOver = createSignal(false);

/** The same client, whose failures are noticed here first. */
export function noticing(client: Client): Client {
  return {
    call: async (endpoint, input) => {
      try {
        return await client.call(endpoint, input);
      } catch (error) {
        notice(error);
        throw error;
      }
    },
    async *lines(endpoint, input) {
      try {
        yield* client.lines(endpoint, input);
      } catch (error) {
        notice(error);
        throw error;
      }
    },
  };
}

/** One answer that did not come may have other reasons, so the server itself is asked. */
export async function lookForServer(): Promise<void> {
  const options = { signal: AbortSignal.timeout(5_000), cache: 'no-store' } as const;
  const answers = await fetch('/healthz', options).then(
    ({ ok }) => ok,
    () => false,
  );
  isServerGone.set(!answers);
}

function notice(error: unknown): void {
  if (error instanceof ApiError) {
    if (error.status === 401) isSessionOver.set(true);
  } else if (!(error instanceof Error && error.name === 'AbortError')) {
    void lookForServer();
  }
}
