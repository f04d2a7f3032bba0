/** What an alert says to programs, and where it leads. */
import type { Alert } from './types.ts';

/** The account an alert is about, as others may see it. */
export interface Subject {
  /** Public id. */
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

/** The page that shows it; null where nobody said at which address the pages are. */
export function linkOf({ type, facts }: Alert, subject: Subject, publicUrl: string | undefined): string | null {
  if (publicUrl === undefined) return null;
  const at = (...path: readonly string[]): string =>
    new URL(['', 'a', subject.id, ...path].map(encodeURIComponent).join('/'), publicUrl).href;
  if (facts.import) return at('imports', facts.import.id);
  if (facts.connection && facts.sync) return at('syncing', facts.connection.id, facts.sync.id);
  if (facts.connection) return at('syncing', facts.connection.id);
  return type === 'test' ? at('alerts') : at('syncing');
}

/** The body of a webhook: type, timestamp and data, as Standard Webhooks advises. */
export function payloadOf(alert: Alert, subject: Subject, url: string | null): string {
  const { id, type, at, facts } = alert;
  const account = { id: subject.id, name: subject.name };
  return JSON.stringify({ type, timestamp: at.toISOString(), data: { id, account, ...facts, url } });
}
