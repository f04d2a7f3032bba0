/** Writes of files: the same meaning as the API's own path, in batches of thousands. */
import type { Database, Tx } from '../db/database.ts';
import { recordEvents } from './event-writes.ts';
import type { EventWrite } from './event.ts';
import type { KnownPeople } from './known-people.ts';
import { upsertProfiles } from './profile-writes.ts';
import type { ProfileWrite } from './profile.ts';

export interface BulkOutcome {
  readonly created: number;
  readonly updated: number;
  /** Nothing new in them: unchanged profiles, known events. */
  readonly unchanged: number;
  /** What was left out, by its place in the batch, in ascending order. `path` is as in the API: `email`, `properties/a`, `profile/email`. */
  readonly problems: readonly BulkProblem[];
}

export interface BulkProblem {
  readonly index: number;
  readonly path: string;
  readonly message: string;
}

export interface BulkOptions {
  /** The batch before: this one is written after it, and not at all when it fails. */
  readonly after?: Promise<unknown> | undefined;
  /**
   * Done in the same transaction, before commit: where an import notes how far it is, so that a restart neither repeats
   * nor skips a row. When it throws, nothing of the batch is kept. A batch is visible when the call resolves and durable with
   * the next commit that waits for the disk: what a crash takes before that, it takes together with what is done here.
   */
  readonly alongside?: (tx: Tx, outcome: BulkOutcome) => Promise<void>;
}

/** Creates or updates each write's profile, as if one after another, in one transaction. */
export async function upsertProfilesInBulk(
  db: Database,
  accountId: number,
  writes: readonly ProfileWrite[],
  options: BulkOptions = {},
): Promise<BulkOutcome> {
  let outcome: BulkOutcome = nothing;
  await upsertProfiles(db, accountId, writes, {
    onExisting: 'update',
    awaitDisk: false,
    after: options.after,
    async alongside(tx, outcomes) {
      const problems = outcomes.flatMap((one, index) => {
        if (!('problem' in one)) return [];
        const { path, message } = one.problem;
        return [{ index, path, message }];
      });
      const created = outcomes.filter((one) => 'created' in one && one.created).length;
      const updated = outcomes.filter((one) => 'changed' in one && one.changed && !one.created).length;
      outcome = { created, updated, unchanged: outcomes.length - problems.length - created - updated, problems };
      await options.alongside?.(tx, outcome);
    },
  });
  return outcome;
}

const nothing: BulkOutcome = { created: 0, updated: 0, unchanged: 0, problems: [] };

/**
 * Records the events that are new, in one transaction; `created` counts them, `updated` is 0. Batches of one file share
 * `people`. After the last of them call `enterEventDates`: until then `last_event_date` does not count these events.
 */
export async function recordEventsInBulk(
  db: Database,
  accountId: number,
  writes: readonly EventWrite[],
  options: BulkOptions & { readonly people: KnownPeople },
): Promise<BulkOutcome> {
  let outcome: BulkOutcome = nothing;
  await recordEvents(db, accountId, writes, {
    awaitDisk: false,
    after: options.after,
    people: options.people,
    async alongside(tx, { recorded, duplicates, problems }) {
      const inOrder = problems.map(({ index, path, message }) => ({ index, path, message }));
      inOrder.sort((a, b) => a.index - b.index);
      outcome = { created: recorded, updated: 0, unchanged: duplicates, problems: inOrder };
      await options.alongside?.(tx, outcome);
    },
  });
  return outcome;
}
