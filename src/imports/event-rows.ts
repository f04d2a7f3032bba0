import { JsonText } from '../kernel/json-text.ts';
import type { EventWrite } from '../store/event.ts';
import { CellError, columnOf, compileProperties, converted, type Cells } from './cells.ts';
import { readDate } from './dates.ts';
import { nullMarker } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { compilePerson } from './profile-rows.ts';
import { converters, quoted } from './values.ts';

type Draft = { -readonly [Key in keyof EventWrite]: EventWrite[Key] };

const noProperties = new JsonText('{}');

/** Reads a row of a file of events. @throws CellError */
export function compileEvents(mapping: Mapping): (cells: Cells) => EventWrite {
  const column = (field: string): number => columnOf(mapping, field);
  const time = column('time');
  const value = column('value');
  const currency = column('value_currency');
  const uniqueId = column('unique_id');
  const person = compilePerson(mapping);
  const metric = metricReader(mapping);
  const properties = compileProperties(mapping, 'leave-out');
  return (cells) => {
    const draft: Draft = {
      metric: metric(cells),
      profile: person(cells),
      datetime: readTime(cells, time),
      properties: properties(cells) ?? noProperties,
    };
    const amount = filled(cells, value);
    if (amount !== undefined) draft.value = new JsonText(converted(amount, value, converters.number));
    const code = filled(cells, currency);
    if (code !== undefined) draft.currency = code.trim().toUpperCase();
    const unique = filled(cells, uniqueId);
    if (unique !== undefined) draft.uniqueId = unique;
    return draft;
  };
}

function filled(cells: Cells, column: number): string | undefined {
  const cell = cells[column];
  return cell === '' || cell === nullMarker ? undefined : cell;
}

function readTime(cells: Cells, column: number): Date {
  const cell = filled(cells, column);
  if (cell === undefined) throw new CellError(column, 'The time of the event is empty.');
  const read = readDate(cell);
  if ('problem' in read) throw new CellError(column, `${quoted(cell)} ${read.problem}`);
  return new Date(read.ms);
}

function metricReader(mapping: Mapping): (cells: Cells) => EventWrite['metric'] {
  const nameColumn = columnOf(mapping, 'metric/name');
  const integrationColumn = columnOf(mapping, 'metric/service');
  return (cells) => {
    const name = filled(cells, nameColumn) ?? mapping.metric;
    if (name === null) throw new CellError(nameColumn === -1 ? null : nameColumn, 'The metric of the event is empty.');
    const integration = filled(cells, integrationColumn) ?? mapping.integration;
    return integration === null ? { name } : { name, integration };
  };
}
