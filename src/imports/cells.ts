/** From the cells of a row to what the store is given. Compiled once a file, since it runs for every row. */
import { JsonText, objectMembers, ObjectText, objectText } from '../kernel/json-text.ts';
import { nesting, nullMarker } from './fields.ts';
import type { ColumnMapping, Mapping } from './mapping.ts';
import { converters, quoted, type Converted } from './values.ts';

/** Why a row is not imported. */
export interface RowProblem {
  /** Place of the column, from 0; null when the whole row is meant. */
  readonly column: number | null;
  readonly message: string;
}

export type Cells = readonly string[];

/** Thrown by a reader of cells and caught where the row is: rows with problems are the exception. */
export class CellError extends Error {
  readonly problem: RowProblem;

  constructor(column: number | null, message: string) {
    super(message);
    this.problem = { column, message };
  }
}

/** Which column holds the field; -1 when none does. */
export function columnOf(mapping: Mapping, field: string): number {
  return mapping.columns.findIndex((column) => column.target === field);
}

/** The cell as JSON text. @throws CellError naming the cell */
export function converted(cell: string, column: number, convert: (cell: string) => Converted): string {
  const result = convert(cell);
  if ('json' in result) return result.json;
  throw new CellError(column, `${quoted(cell)} ${result.problem}`);
}

/** `onNull`: what the null marker does. */
export type PropertiesReader = (cells: Cells) => JsonText | undefined;

/** Reads properties; undefined when the row has none. */
export function compileProperties(mapping: Mapping, onNull: 'clear' | 'leave-out'): PropertiesReader {
  const root: Group = { key: '', members: [] };
  for (const [index, column] of mapping.columns.entries()) {
    if (column.target !== 'property') continue;
    addLeaf(root, (column.property ?? column.header).split(nesting), leafOf(index, column, mapping, onNull));
  }
  const whole = columnOf(mapping, 'properties');
  return (cells) => {
    const text = groupText(root.members, cells);
    const given = whole === -1 ? '' : (cells[whole] ?? '');
    if (given === '' || given === nullMarker) return text === '' ? undefined : new ObjectText(`{${text}}`);
    return mergedObject(given, whole, text);
  };
}

interface Leaf {
  readonly key: string;
  /** JSON text; empty when the row has no value. */
  read(cells: Cells): string;
}

interface Group {
  readonly key: string;
  readonly members: (Leaf | Group)[];
}

function addLeaf(group: Group, path: readonly string[], read: Leaf['read']): void {
  const [name = '', ...rest] = path;
  const key = `${JSON.stringify(name)}:`;
  if (rest.length === 0) return void group.members.push({ key, read });
  const inside = group.members.find((member) => member.key === key && 'members' in member) as Group | undefined;
  if (inside) return addLeaf(inside, rest, read);
  const made: Group = { key, members: [] };
  group.members.push(made);
  addLeaf(made, rest, read);
}

function leafOf(
  index: number,
  { type }: ColumnMapping,
  { isConfirmed }: Mapping,
  onNull: 'clear' | 'leave-out',
): Leaf['read'] {
  const cleared = onNull === 'clear' ? 'null' : '';
  const convert = converters[type === 'consent' ? 'text' : type];
  return (cells) => {
    const cell = cells[index];
    if (cell === undefined || cell === '') return '';
    if (cell === nullMarker) return cleared;
    if (isConfirmed) return converted(cell, index, convert);
    // a type that was only guessed must not cost rows
    const result = convert(cell);
    return 'json' in result ? result.json : JSON.stringify(cell);
  };
}

function groupText(members: Group['members'], cells: Cells): string {
  let text = '';
  for (const member of members) {
    let value: string;
    if ('read' in member) value = member.read(cells);
    else {
      const inside = groupText(member.members, cells);
      value = inside === '' ? '' : `{${inside}}`;
    }
    if (value === '') continue;
    text = text === '' ? member.key + value : `${text},${member.key}${value}`;
  }
  return text;
}

/** The members of a whole object, and over them those of columns of their own. */
function mergedObject(given: string, column: number, columnsText: string): JsonText {
  const json = converted(given, column, (cell) => {
    const result = converters.json(cell);
    return 'json' in result && !result.json.startsWith('{') ? { problem: 'is not a JSON object.' } : result;
  });
  const members = new Map(objectMembers(new JsonText(json)));
  for (const [key, value] of objectMembers(new JsonText(`{${columnsText}}`)) ?? []) members.set(key, value);
  return objectText(members);
}
