import { useRef, useState } from 'react';
import type { CheckStep } from '#contract/connection.ts';
import type { Settings } from '#contract/destinations.ts';
import { endpoints } from '#contract/endpoints.ts';
import { api } from '../../api/api.ts';

export interface Checks {
  readonly state: 'idle' | 'running' | 'done';
  readonly steps: readonly CheckStep[];
  readonly error: Error | null;
  start(): void;
}

/** The connection check, step by step as the server makes it. */
export function useChecks(account: string, body: { kind: string; settings: Settings } | { saved: true }): Checks {
  const [state, setState] = useState<Checks['state']>('idle');
  const [steps, setSteps] = useState<readonly CheckStep[]>([]);
  const [error, setError] = useState<Error | null>(null);
  const running = useRef<AbortController | null>(null);
  const run = async (): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState('running');
    setSteps([]);
    setError(null);
    try {
      const input = { params: { account }, body, signal: controller.signal };
      for await (const step of api.lines(endpoints.testConnection, input)) setSteps((before) => [...before, step]);
      setState('done');
    } catch (thrown) {
      if (controller.signal.aborted) return;
      setError(thrown instanceof Error ? thrown : new Error(String(thrown)));
      setState('idle');
    }
  };
  return { state, steps, error, start: () => void run() };
}
