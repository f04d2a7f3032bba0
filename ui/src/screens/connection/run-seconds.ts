import type { Run } from '#contract/history.ts';

/** How long it took; null while it is open, or when it never started. */
export function runSeconds({ startedAt, endedAt }: Run): number | null {
  return startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : null;
}
