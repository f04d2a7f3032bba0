import { expect } from 'vitest';
import type { Database } from '../../db/database.ts';

interface MirrorRow {
  readonly id: string;
  readonly change_number: number;
  readonly content: string | null;
}

/**
 * What a warehouse would hold that is brought up to date by windows of change numbers alone. `follow` takes the next window
 * and fails when a number stands on two rows or a row in the store differs from the one here.
 */
export class Mirror {
  readonly #database: Database;
  readonly #accountId: number;
  readonly #rows = new Map<string, string>();
  #cursor = 0;

  constructor(database: Database, accountId: number) {
    this.#database = database;
    this.#accountId = accountId;
  }

  async follow(): Promise<void> {
    const { last, changes, all } = await this.#database.transaction(
      async (tx) => {
        const { rows: counter } = await tx.query<{ last: number }>(
          'select last_number as last from change_counter where account_id = $1',
          [this.#accountId],
        );
        const last = counter[0]?.last ?? 0;
        const read = (profiles: string): string => `select * from (
            ${profiles}
            union all
            select id::text, change_number, e::text from event e where account_id = $1
            union all
            select id, change_number, null from tombstone where account_id = $1
          ) as row`;
        // as an export reads them
        const changed = `select id, c.change_number, p::text as content
          from profile_change c join profile p on p.account_id = c.account_id and p.id = c.profile_id where c.account_id = $1`;
        const window = `${read(changed)} where change_number > $2 and change_number <= $3 order by change_number`;
        const { rows: changes } = await tx.query<MirrorRow>(window, [this.#accountId, this.#cursor, last]);
        const { rows: all } = await tx.query<MirrorRow>(
          read('select id, change_number, p::text as content from profile p where account_id = $1'),
          [this.#accountId],
        );
        const { rows: apart } = await tx.query(
          `select from (select * from profile_change where account_id = $1) c
           full join (select * from profile where account_id = $1) p on p.id = c.profile_id
           where (p.change_number, p.updated) is distinct from (c.change_number, c.updated)`,
          [this.#accountId],
        );
        expect(apart).toHaveLength(0);
        return { last, changes, all };
      },
      { mode: 'snapshot' },
    );
    expect(new Set(changes.map((row) => row.change_number)).size).toBe(changes.length);
    for (const { id, content } of changes) {
      if (content === null) this.#rows.delete(id);
      else this.#rows.set(id, content);
    }
    this.#cursor = last;
    expect(Math.max(0, ...all.map((row) => row.change_number))).toBeLessThanOrEqual(last);
    const live = all.flatMap(({ id, content }) => (content === null ? [] : [[id, content] as const]));
    expect(this.#rows).toEqual(new Map(live));
  }
}
