import type { z } from 'zod';
import { expect, test } from 'vitest';
import { fillPath, type Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { openApiDocument } from './openapi.ts';
import { selection } from './connection.ts';

const table = Object.entries(endpoints) as [string, Endpoint][];

test('no two operations share an address and method', () => {
  const places = table.map(([, { method, path }]) => `${method} ${path}`);
  expect(new Set(places).size).toBe(places.length);
});

test.for(table)('%s: its path names exactly its parameters, and its access fits its path', ([, endpoint]) => {
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  expect(Object.keys((endpoint.params as z.ZodObject).shape).sort()).toEqual(inPath.sort());
  const admitted = inPath.includes('account') ? ['account', 'operator'] : ['public', 'caller', 'operator'];
  expect(admitted).toContain(endpoint.access);
});

test.for(table)('%s: it says what a success looks like', ([, { status, reply, lines, endless }]) => {
  expect(reply === null && lines === null).toBe(status === 204);
  expect(endless && reply !== null).toBe(false);
});

test.for(table.filter(([, endpoint]) => endpoint.body))(
  '%s: a body with an unknown field is refused',
  ([, { body }]) => {
    expect(body?.safeParse({ surely: 'not a field' }).success).toBe(false);
  },
);

test('path parameters are encoded, so that a value never becomes another address', () => {
  expect(fillPath('/v1/accounts/{account}/runs/{run}', { account: '../x', run: 'a/b?c' })).toBe(
    '/v1/accounts/..%2Fx/runs/a%2Fb%3Fc',
  );
});

test('a selection must share something, and is otherwise everything', () => {
  expect(selection.safeParse({ objects: [] }).success).toBe(false);
  expect(selection.parse({ objects: ['events'] })).toEqual({
    objects: ['events'],
    excludedIntegrations: [],
    metrics: null,
    history: 'all',
  });
});

test('every reference of the OpenAPI document leads somewhere', () => {
  const document = openApiDocument();
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    const target = reference.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
    expect(target, reference).toBeTypeOf('object');
  }
});

test('the OpenAPI document lists every operation once, with who may call it', () => {
  const paths = openApiDocument()['paths'] as Record<string, Record<string, { operationId: string; security?: [] }>>;
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(operations.map((operation) => operation.operationId).sort()).toEqual(table.map(([name]) => name).sort());
  const open = operations.filter((operation) => operation.security?.length === 0).map(({ operationId }) => operationId);
  expect(open.sort()).toEqual(['acceptAsNew', 'getSetUp', 'live', 'openApi', 'readInvitation', 'ready', 'setUp']);
});
