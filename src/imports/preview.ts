import type { CsvRow } from './csv/layout.ts';
import { CellError } from './cells.ts';
import { compileEvents } from './event-rows.ts';
import type { ImportRow } from './import-table.ts';
import type { Mapping } from './mapping.ts';
import { compileProfiles } from './profile-rows.ts';
import type { PreviewRow } from './types.ts';

const rowsShown = 20;

/** The first rows, and what would come of them. */
export function previewOf(
  { object, mayConsent }: Pick<ImportRow, 'object' | 'mayConsent'>,
  mapping: Mapping,
  rows: readonly CsvRow[],
): PreviewRow[] {
  const read = object === 'profiles' ? compileProfiles(mapping, mayConsent) : compileEvents(mapping);
  return rows.slice(0, rowsShown).map(({ number, cells, fault }) => ({
    row: number,
    cells,
    problem: fault?.message ?? problemOf(() => read(cells), mapping),
  }));
}

function problemOf(read: () => unknown, mapping: Mapping): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    const { column, message } = error.problem;
    return column === null ? message : `${mapping.columns[column]?.header ?? `column ${column + 1}`}: ${message}`;
  }
}
