/** The top-level values of a JSON object as their exact text: `JSON.parse` would lose digits. The text must be valid. */
export function rawCells(line: string): Map<string, string> {
  const cells = new Map<string, string>();
  let at = 1;
  while (line[at] !== '}') {
    const keyEnd = endOfValue(line, at);
    const valueEnd = endOfValue(line, keyEnd + 1);
    cells.set(JSON.parse(line.slice(at, keyEnd)) as string, line.slice(keyEnd + 1, valueEnd));
    at = line[valueEnd] === ',' ? valueEnd + 1 : valueEnd;
  }
  return cells;
}

/** Index just after the value that starts at `from`. */
function endOfValue(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const character = line[at];
    if (character === '"') {
      at = closingQuote(line, at);
      if (depth === 0) return at + 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (character === ',' || character === ':')) {
      return at;
    }
  }
  return line.length;
}

function closingQuote(line: string, opening: number): number {
  for (let at = opening + 1; at < line.length; at++) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return line.length;
}
