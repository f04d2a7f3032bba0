import { invalidParameter, shown } from './api-error.ts';
import type { Condition } from '../../store/conditions.ts';
import { readFilter } from './filter.ts';
import type { Operation } from './operation.ts';

/** The query string of one request, checked against the operation's table. */
export interface Query {
  /** Sparse fieldsets by resource type; a type that is not named gets its default fields. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly additional: ReadonlySet<string>;
  readonly include: ReadonlySet<string>;
  readonly conditions: readonly Condition[];
  readonly sort: { readonly key: string; readonly descending: boolean };
  readonly pageSize: number;
  /** As it was sent: a cursor, or a whole next link. */
  readonly cursor: string | null;
  /** Binds a cursor to the list it belongs to: operation, resource, sort and filter. */
  readonly scope: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/** @throws ApiError 400 naming the parameter */
export function readQuery(operation: Operation, parameters: Parameters, path: string): Query {
  refuseUnknown(operation, parameters);
  const filter = one(parameters, 'filter') ?? '';
  const sort = readSort(operation, one(parameters, 'sort'));
  return {
    fields: readFields(operation, parameters),
    additional: new Set(
      readNames(parameters, 'additional-fields[profile]', operation.additionalFields?.['profile'] ?? []),
    ),
    include: new Set(readNames(parameters, 'include', operation.include ?? [])),
    conditions: filter === '' ? [] : readFilter(filter, operation.filters ?? {}),
    sort,
    pageSize: readPageSize(operation, one(parameters, 'page[size]')),
    cursor: one(parameters, 'page[cursor]') || null,
    scope: JSON.stringify([operation.id, path, sort, filter]),
  };
}

/** Parameters of our families that this operation does not have are refused; foreign ones (trackers, caches) are ignored. */
function refuseUnknown(operation: Operation, parameters: Parameters): void {
  for (const name of Object.keys(parameters)) {
    const [, family = name, type = ''] = /^(fields|additional-fields|page)\[(.*)\]$/.exec(name) ?? [];
    const known: Record<string, boolean> = {
      fields: type in (operation.fields ?? {}),
      'additional-fields': type in (operation.additionalFields ?? {}),
      page: (type === 'cursor' && !!operation.page) || (type === 'size' && typeof operation.page?.max === 'number'),
      filter: !!operation.filters,
      sort: !!operation.sorts,
      include: !!operation.include,
    };
    if (Object.hasOwn(known, family) && known[family] === false) {
      throw invalidParameter(shown(name), `This endpoint does not take the parameter ${shown(name)}.`);
    }
  }
}

function one(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(name, `${name} may be given once.`);
}

function readFields(operation: Operation, parameters: Parameters): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const [type, known] of Object.entries(operation.fields ?? {})) {
    const parameter = `fields[${type}]`;
    if (parameters[parameter] !== undefined) fields.set(type, readNames(parameters, parameter, known));
  }
  return fields;
}

function readNames(parameters: Parameters, parameter: string, known: readonly string[]): string[] {
  const text = one(parameters, parameter) ?? '';
  if (text === '') return [];
  const names = text.split(',').map((name) => name.trim());
  const foreign = names.find((name) => !known.includes(name));
  if (foreign !== undefined) {
    throw invalidParameter(parameter, `${shown(foreign)} is not one of ${known.join(', ')}.`);
  }
  return names;
}

function readSort(operation: Operation, text: string | undefined): Query['sort'] {
  const sort = text || operation.defaultSort || '';
  const descending = sort.startsWith('-');
  const key = descending ? sort.slice(1) : sort;
  if (text && !operation.sorts?.includes(key)) {
    throw invalidParameter(
      'sort',
      `${shown(text)} is not one of ${operation.sorts?.join(', ')}, with or without a minus.`,
    );
  }
  return { key, descending };
}

function readPageSize(operation: Operation, text: string | undefined): number {
  const { size = 1, max = null } = operation.page ?? {};
  if (text === undefined) return size;
  const wanted = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (wanted < 1 || wanted > (max ?? 0))
    throw invalidParameter('page[size]', `page[size] is a number from 1 to ${max}.`);
  return wanted;
}
