import type { Sql } from '../db/database.ts';
import type { TableName } from '../destinations/destination.ts';
import { countStatement, lineLengthStatement, type RowRange } from './rows.ts';
import { historySince } from './selection.ts';
import type { Estimate, Selection } from './types.ts';

const sampleRows = 1_000;

/** Rows counted, bytes from the mean line of a sample. */
export async function estimateSelection(
  sql: Sql,
  accountId: number,
  selection: Selection,
  now: Date,
): Promise<Estimate[]> {
  const tables: TableName[] = [
    ...(selection.objects.includes('profiles') ? (['klaviyo_profile'] as const) : []),
    ...(selection.objects.includes('events') ? (['klaviyo_event', 'klaviyo_metric'] as const) : []),
  ];
  const { excludedIntegrations, metrics, history } = selection;
  const estimates: Estimate[] = [];
  for (const table of tables) {
    const range: RowRange = {
      accountId,
      table,
      content: 'rows',
      numberFrom: 0,
      numberTo: Number.MAX_SAFE_INTEGER,
      timeFrom: table === 'klaviyo_event' ? (historySince(history, now)?.toISOString() ?? null) : null,
      timeTo: null,
      filter: { include: { excludedIntegrations, metrics }, except: null },
    };
    const counted = await sql.query<{ rows: number }>(countStatement(range));
    const measured = await sql.query<{ bytes: number }>(lineLengthStatement(range, sampleRows));
    const rows = counted.rows[0]?.rows ?? 0;
    estimates.push({ table, rows, bytes: Math.round(rows * (measured.rows[0]?.bytes ?? 0)) });
  }
  return estimates;
}
