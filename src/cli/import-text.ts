import type { ImportedFile, ImportReview } from '../contract/imports.ts';
import { bytes, facts, table, time } from './output.ts';

const statusWords: Record<ImportedFile['status'], string> = {
  review: 'Waiting for review',
  in_progress: 'In progress',
  completed: 'Completed',
  incomplete: 'Incomplete',
  failed: 'Failed',
};

export function importTable(imports: readonly ImportedFile[]): string {
  const columns = [
    { title: 'import', value: (one: ImportedFile) => one.id },
    { title: 'file', value: (one: ImportedFile) => one.fileName },
    { title: 'object', value: (one: ImportedFile) => one.object },
    { title: 'status', value: (one: ImportedFile) => statusWords[one.status] },
    { title: 'processed', value: (one: ImportedFile) => `${one.progress} %`, right: true },
    { title: 'imported', value: importedRows, right: true },
    { title: 'skipped', value: (one: ImportedFile) => one.rows.skipped, right: true },
    { title: 'date (UTC)', value: (one: ImportedFile) => time(one.createdAt) },
    { title: 'imported by', value: (one: ImportedFile) => one.importedBy },
  ];
  return table(imports, columns, 'There are no imports yet. Upload one: wharf imports upload <file> --object profiles');
}

function importedRows({ rows }: ImportedFile): number {
  return rows.created + rows.updated + rows.unchanged;
}

export function importFacts(one: ImportedFile): string {
  const { rows } = one;
  const remarks = one.remarks.map(({ row, column, message }): [string, string] => {
    const where = [row === null ? null : `row ${row}`, column].filter((part) => part !== null);
    return ['Remark', where.length === 0 ? message : `${where.join(', ')}: ${message}`];
  });
  return facts([
    ['Id', one.id],
    ['File', one.fileName],
    ['Object', one.object],
    ['Size', bytes(one.bytes)],
    ['Status', statusWords[one.status]],
    ['Processed', `${one.progress} %`],
    ['Rows created', rows.created],
    ['Rows updated', rows.updated],
    ['Rows unchanged', rows.unchanged],
    ['Rows skipped', rows.skipped],
    ['Imported by', one.importedBy],
    ['Uploaded (UTC)', time(one.createdAt)],
    ['Ended (UTC)', time(one.endedAt)],
    ...(one.trouble
      ? ([
          ['Why', one.trouble.message],
          ['What to do', one.trouble.advice],
        ] as const)
      : []),
    ...remarks,
  ]);
}

export function reviewText({ mapping, columns, preview }: ImportReview): string {
  const rows = mapping.columns.map((column, index) => ({
    ...column,
    ...columns[index],
    example: preview[0]?.cells[index],
  }));
  const shown = [
    { title: 'column', value: (row: (typeof rows)[number]) => row.header },
    {
      title: 'becomes',
      value: (row: (typeof rows)[number]) => (row.target === 'property' ? `property ${row.property}` : row.target),
    },
    { title: 'type', value: (row: (typeof rows)[number]) => row.type },
    { title: 'filled', value: (row: (typeof rows)[number]) => row.filled ?? 0, right: true },
    { title: 'do not fit', value: (row: (typeof rows)[number]) => row.misfits ?? 0, right: true },
    { title: 'first row', value: (row: (typeof rows)[number]) => (row.example ?? '').slice(0, 40) },
  ];
  return `\n${table(rows, shown, 'The file has no columns.')}\nConfirm it: wharf imports confirm <import> [--mapping <file>]\n`;
}
