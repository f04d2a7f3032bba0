/* What the demo prints. */

const wide = process.stdout.isTTY === true;

export function heading(text: string): void {
  console.log(`\n${wide ? '\x1b[1m' : ''}${text}${wide ? '\x1b[0m' : ''}`);
}

export const count = (value: number): string => value.toLocaleString('en-US');

/** A bar that is redrawn in place on a terminal, and printed at each tenth elsewhere. */
export function progressBar(label: string): { show(percent: number): void; end(note: string): void } {
  let shown = -1;
  const draw = (percent: number): string =>
    `  ${label.padEnd(24)} ${'█'.repeat(Math.round(percent / 4)).padEnd(25, '░')} ${String(percent).padStart(3)} %`;
  return {
    show(percent) {
      const step = wide ? percent : Math.floor(percent / 10) * 10;
      if (step <= shown) return;
      shown = step;
      if (wide) process.stdout.write(`\r${draw(percent)}`);
      else if (step < 100) console.log(draw(step));
    },
    end(note) {
      console.log(`${wide ? '\r' : ''}${draw(100)}  ${note}`);
    },
  };
}

/** Columns to the width of their longest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const text = (cell: string | number): string => (typeof cell === 'number' ? count(cell) : cell);
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => text(row[i] ?? '').length)));
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, i) =>
        typeof cell === 'number' ? text(cell).padStart(widths[i] ?? 0) : text(cell).padEnd(widths[i] ?? 0),
      )
      .join('   ')
      .trimEnd();
  console.log(`  ${line(header)}`);
  for (const row of rows) console.log(`  ${line(row)}`);
}
