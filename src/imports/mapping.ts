/** How the columns of a file become fields and properties: proposed from headers and a sample, or confirmed by a person. */
import { createHash } from 'node:crypto';
import { fieldNamed, fieldOf, fields, nesting, nullMarker, type ValueType } from './fields.ts';
import type { ImportObject, Remark } from './import.ts';
import { guessType } from './values.ts';

export interface ColumnMapping {
  readonly header: string;
  /** A field's name, `property`, or `ignore`. */
  readonly target: string;
  /** Of a property: its name; three underscores nest it. */
  readonly property: string | null;
  readonly type: ValueType;
}

export interface Mapping {
  /** In the order of the file. */
  readonly columns: readonly ColumnMapping[];
  /** Events: of every row without a metric of its own. */
  readonly metric: string | null;
  readonly integration: string | null;
  /** A person has seen the types: a cell that does not fit is an error then, not a text. */
  readonly isConfirmed: boolean;
}

/** What the sample shows of a column. */
export interface ColumnFacts {
  readonly filled: number;
  /** Cells that do not fit the type. */
  readonly misfits: number;
}

export interface Proposal {
  readonly mapping: Mapping;
  readonly facts: readonly ColumnFacts[];
  /** Why a person must look at it; empty when everything is certain. */
  readonly doubts: readonly Remark[];
}

/** The same for every file with the same headers for the same object. */
export function headerKey(object: ImportObject, headers: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([object, headers]))
    .digest('hex');
}

export function proposeMapping(
  object: ImportObject,
  headers: readonly string[],
  sample: readonly (readonly string[])[],
): Proposal {
  const columns: ColumnMapping[] = [];
  const facts: ColumnFacts[] = [];
  const doubts: Remark[] = [];
  for (const [index, header] of headers.entries()) {
    const cells = sample.map((row) => row[index] ?? '').filter((cell) => cell !== '' && cell !== nullMarker);
    const guess = guessType(cells);
    const column = proposeColumn(object, header, guess.type, columns);
    columns.push(column);
    facts.push({ filled: guess.filled, misfits: column.target === 'property' ? guess.misfits : 0 });
    const doubt = doubtOf(object, column, guess.misfits, cells, columns);
    if (doubt) doubts.push({ row: null, column: header, message: doubt });
  }
  const mapping: Mapping = { columns, metric: null, integration: null, isConfirmed: false };
  return { mapping, facts, doubts: [...doubts, ...mappingProblems(object, mapping)] };
}

function proposeColumn(
  object: ImportObject,
  header: string,
  type: ValueType,
  before: readonly ColumnMapping[],
): ColumnMapping {
  const field = fieldOf(object, header);
  const isTaken = before.some((one) => field !== null && field !== 'ignore' && one.target === field.name);
  const isRepeated = before.some((one) => one.header === header);
  if (field === 'ignore' || header === '' || isTaken || isRepeated || isForeignId(object, header)) {
    return { header, target: 'ignore', property: null, type: 'text' };
  }
  if (field) return { header, target: field.name, property: null, type: field.type };
  return { header, target: 'property', property: header, type };
}

/** `id` may be the profile's id here, or any other system's. */
function isForeignId(object: ImportObject, header: string): boolean {
  return object === 'profiles' && header.toLowerCase() === 'id';
}

function doubtOf(
  object: ImportObject,
  column: ColumnMapping,
  misfits: number,
  cells: readonly string[],
  columns: readonly ColumnMapping[],
): string | null {
  const { header, target } = column;
  if (target === 'property') {
    return misfits === 0 ? null : `Most cells are of the type ${column.type}, ${misfits} of the sample are not.`;
  }
  if (target !== 'ignore') return null;
  if (isForeignId(object, header)) return 'This may be the id of a profile, or an id of another system.';
  const field = fieldOf(object, header);
  if (field === 'ignore') return null;
  if (header === '') return cells.length === 0 ? null : 'The column has no header.';
  const first = columns.findIndex((one) => one.header === header || (field && one.target === field.name));
  return `The column means the same as column ${first + 1}.`;
}

/** What is wrong with a mapping in itself. */
export function mappingProblems(object: ImportObject, mapping: Mapping): Remark[] {
  const problems: Remark[] = [];
  const say = (column: string | null, message: string): void => void problems.push({ row: null, column, message });
  const used = new Set<string>();
  const properties = new Set<string>();
  for (const { header, target, property, type } of mapping.columns) {
    if (target === 'ignore') continue;
    if (target === 'property') {
      const path = (property ?? '').split(nesting);
      if (path.some((part) => part === '' || part.includes('\0'))) say(header, 'The property has no name.');
      else if (property !== null && clashes(properties, property)) {
        say(header, 'Another column is mapped to this property.');
      }
      if (property !== null) properties.add(property);
      if (type === 'consent') say(header, 'A property cannot be of the type consent.');
      continue;
    }
    const field = fieldNamed(object, target);
    if (!field) say(header, `There is no field ${target}.`);
    else if (used.has(target)) say(header, `Another column is mapped to the field ${target}.`);
    used.add(target);
  }
  return [...problems, ...missingFields(object, mapping, used)];
}

/** The same property twice, or a property inside one that has a value of its own. */
function clashes(known: ReadonlySet<string>, property: string): boolean {
  return [...known].some(
    (one) => one === property || one.startsWith(property + nesting) || property.startsWith(one + nesting),
  );
}

function missingFields(object: ImportObject, mapping: Mapping, used: ReadonlySet<string>): Remark[] {
  const problems: Remark[] = [];
  const say = (message: string): void => void problems.push({ row: null, column: null, message });
  const identifiers = fields[object].filter((field) => field.isIdentifier);
  if (!identifiers.some((field) => used.has(field.name))) {
    say(`No column names the person. One of ${identifiers.map((field) => field.headers[0]).join(', ')} is needed.`);
  }
  if (object === 'events') {
    if (!used.has('time')) say('No column holds the time of the event (Timestamp).');
    if (!used.has('metric/name') && mapping.metric === null) {
      say('No column holds the metric (MetricName); name one for the whole file.');
    }
  }
  return problems;
}
