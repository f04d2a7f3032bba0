/** Looks into a warehouse as its administrator, through the vendor's driver. */
import { Link, type Row } from '../link.ts';
import type { TableSpec } from '../../destination.ts';
import { tables } from '../../tables.ts';
import type { ReadRow } from '../../testing/rig.ts';
import { spec } from '../spec.ts';
import { ledgerName, inPlace, listStage, showTransactions, tableName, tombstoneName, type Place } from '../sql.ts';

const live = new AbortController().signal;

export class Inspector implements AsyncDisposable {
  readonly #admin: Link;
  /** As the user who loads: the stage is its own. */
  readonly #user: Link;
  readonly #place: Place;

  private constructor(admin: Link, user: Link, place: Place) {
    this.#admin = admin;
    this.#user = user;
    this.#place = place;
  }

  static async open(settings: Record<string, unknown>, endpoint: string): Promise<Inspector> {
    const parsed = spec.settings.parse(settings);
    const admin = await Link.open({ ...parsed, username: 'ADMIN' }, endpoint, live);
    const user = await Link.open(parsed, endpoint, live);
    return new Inspector(admin, user, parsed);
  }

  run(sql: string): Promise<Row[]> {
    return this.#admin.run(sql, live);
  }

  /** The JSON null and NULL are one; it is told as the JSON null. */
  async rows(table: TableSpec): Promise<ReadRow[]> {
    const columns = table.columns.map(({ name, type }) => {
      const column = `"${name.toUpperCase()}"`;
      if (type === 'json') return `COALESCE(TO_JSON(${column})::VARCHAR, 'null') AS "${name}"`;
      if (type === 'timestamp') return `TO_CHAR(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.FF6"Z"') AS "${name}"`;
      return `${column}::VARCHAR AS "${name}"`;
    });
    const from = inPlace(this.#place, tableName(table));
    return (await this.run(`SELECT ${columns.join(', ')} FROM ${from} ORDER BY "ID"`)) as ReadRow[];
  }

  async inventory(): Promise<unknown> {
    const counts = [];
    for (const name of [...Object.values(tables).map(tableName), ledgerName, tombstoneName]) {
      counts.push([name, await this.run(`SELECT COUNT(*) AS "ROWS" FROM ${inPlace(this.#place, name)}`)]);
    }
    const staged = await this.#user.run(listStage(''), live);
    return [counts, staged.map((file) => file['name'])];
  }

  async isReleased(): Promise<boolean> {
    const open = await this.transactionsOfUser();
    return open.length === 0 && (await this.#user.run(listStage(''), live)).length === 0;
  }

  transactionsOfUser(): Promise<Row[]> {
    return this.#user.run(showTransactions, live);
  }

  async drift(table: TableSpec, column: string, how: 'drop' | 'retype'): Promise<void> {
    const name = inPlace(this.#place, tableName(table));
    await this.run(`ALTER TABLE ${name} DROP COLUMN "${column.toUpperCase()}"`);
    if (how === 'retype') await this.run(`ALTER TABLE ${name} ADD COLUMN "${column.toUpperCase()}" VARCHAR`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.close();
    await this.#user.close();
  }
}
