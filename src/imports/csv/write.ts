/** One row of CSV: quoted where RFC 4180 asks for it, and nowhere else. */
export function csvLine(cells: readonly string[], delimiter: string): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\n`;
}

function csvCell(cell: string, delimiter: string): string {
  const mustQuote = cell.includes(delimiter) || /["\r\n]/.test(cell);
  return mustQuote ? `"${cell.replaceAll('"', '""')}"` : cell;
}
