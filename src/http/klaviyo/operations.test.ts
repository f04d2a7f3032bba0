import { expect, test } from 'vitest';
import { publishedOperations } from '../testing/klaviyo-contract.ts';
import { operationList } from './operations.ts';

/** Our table in the words of the published description. */
function ours() {
  return operationList.map(({ id, method, path, limit, filters, sorts, page, fields, additionalFields, include }) => ({
    id,
    method,
    path,
    limit: [`${limit.burst}/s`, `${limit.steady}/m`],
    filters: Object.entries(filters ?? {}).map(([field, { single, list, none, value, values }]) => [
      field,
      { single: sorted(single), list: sorted(list), none: sorted(none) },
      value ?? null,
      sorted(values),
    ]),
    sorts: sorted((sorts ?? []).flatMap((sort) => [sort, `-${sort}`])),
    pageSize: typeof page?.max === 'number' ? [page.size, page.max] : null,
    hasCursor: page !== undefined,
    fields: byType(fields),
    additionalFields: byType(additionalFields),
    include: sorted(include),
  }));
}

function theirs() {
  return publishedOperations().map(({ method, path, operation }) => {
    const parameters = new Map(operation.parameters?.map((one) => [one.name, one.schema]));
    const size = parameters.get('page[size]');
    const limit = operation['x-klaviyo-ratelimit'];
    const family = (prefix: string) =>
      byType(
        Object.fromEntries(
          [...parameters].flatMap(([name, schema]) =>
            name.startsWith(`${prefix}[`) ? [[name.slice(prefix.length + 1, -1), schema.items?.enum ?? []]] : [],
          ),
        ),
      );
    return {
      id: operation.operationId,
      method,
      path,
      limit: [limit.burst, limit.steady],
      filters: Object.entries(operation['x-klaviyo-filters'] ?? {}).map(([field, { operators, value }]) => [
        field,
        { single: sorted(operators['single']), list: sorted(operators['list']), none: sorted(operators['none']) },
        value ? (value.format ?? value.type) : null,
        sorted(value?.enum),
      ]),
      sorts: sorted(parameters.get('sort')?.enum),
      pageSize: size ? [size.default, size.maximum] : null,
      hasCursor: parameters.has('page[cursor]'),
      fields: family('fields'),
      additionalFields: family('additional-fields'),
      include: sorted(parameters.get('include')?.items?.enum),
    };
  });
}

function sorted(names: readonly string[] = []): string[] {
  return [...names].sort();
}

function byType(fields: Readonly<Record<string, readonly string[]>> = {}): Record<string, string[]> {
  return Object.fromEntries(Object.entries(fields).map(([type, names]) => [type, sorted(names)]));
}

test.each(theirs())('$id is as published', (published) => {
  expect(ours().find(({ id }) => id === published.id)).toEqual(published);
});

test('there is no operation besides the published ones', () => {
  expect(operationList.map(({ id }) => id as string).sort()).toEqual(
    theirs()
      .map(({ id }) => id)
      .sort(),
  );
});
