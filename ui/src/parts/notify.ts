import { useMemo } from 'react';
import { createSignal } from './signal.ts';

export interface Notice {
  readonly id: number;
  readonly outcome: 'done' | 'refused';
  readonly message: string;
}

/** Those that are shown now, oldest first. */
export const notices = createSignal<readonly Notice[]>([]);

let count = 0;

export type Notify = (outcome: Notice['outcome'], message: string) => void;

/** A short word in the corner about what was just done, or why it was not. */
export function useNotify(): Notify {
  return useMemo(() => notify, []);
}

export function dismiss(id: number): void {
  notices.set(notices.get().filter((one) => one.id !== id));
}

function notify(outcome: Notice['outcome'], message: string): void {
  count += 1;
  notices.set([...notices.get(), { id: count, outcome, message }]);
}
