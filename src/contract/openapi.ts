import { z } from 'zod';
import { csvMediaType, isCsv } from './csv-file.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { errorBody } from './error-body.ts';

type Json = Record<string, unknown>;

const needs = {
  public: 'Open to anyone.',
  caller: 'Needs any valid key.',
  account: 'Needs a key of this account, or the operator token.',
  operator: 'Needs the operator token.',
} as const;

const about = `Everything Wharf's screens and command line do. Send an API key of the account, or the operator token, as
"Authorization: Bearer ...". Whatever goes wrong comes back as ErrorBody: what happened, why, what to do.`;

/** The whole API in OpenAPI 3.1. Pure: docs/openapi.json is this, written down. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const failure = content(schemas, 'output', errorBody);
  const paths: Record<string, Json> = {};
  for (const [operationId, one] of Object.entries(endpoints) as [string, Endpoint][]) {
    const operations = (paths[one.path] ??= {});
    operations[one.method.toLowerCase()] = operation(operationId, one, schemas);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Wharf', version: '1', description: about.replaceAll('\n', ' ') },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      responses: { Failure: { description: 'What happened, why, and what to do.', content: failure } },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operation(operationId: string, one: Endpoint, schemas: Json): Json {
  return {
    operationId,
    tags: [one.tag],
    summary: one.summary,
    description: needs[one.access],
    ...(one.access === 'public' ? { security: [] } : {}),
    parameters: [...parameters(schemas, 'path', one.params), ...parameters(schemas, 'query', one.query)],
    ...(one.body ? { requestBody: { required: true, content: content(schemas, 'input', one.body) } } : {}),
    responses: { [one.status]: success(one, schemas), default: { $ref: '#/components/responses/Failure' } },
  };
}

function success(one: Endpoint, schemas: Json): Json {
  if (one.status === 204) return { description: 'Done.' };
  const lines = one.lines ? { schema: schemaOf(schemas, 'output', one.lines) } : null;
  return {
    description: lines ? 'Done. As a stream: one JSON value per line, or per event.' : 'Done.',
    content: {
      ...(one.reply ? content(schemas, 'output', one.reply) : {}),
      ...(lines ? { 'application/x-ndjson': lines, 'text/event-stream': lines } : {}),
    },
  };
}

function parameters(schemas: Json, place: 'path' | 'query', schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(schemas, 'input', schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function content(schemas: Json, io: 'input' | 'output', schema: z.ZodType): Json {
  if (isCsv(schema)) return { [csvMediaType]: { schema: { type: 'string', format: 'binary' } } };
  return { 'application/json': { schema: schemaOf(schemas, io, schema) } };
}

/** The JSON schema with its named parts moved to the document's components. */
function schemaOf(schemas: Json, io: 'input' | 'output', schema: z.ZodType): Json {
  const { $schema: _, ...whole } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => plain(io, jsonSchema),
  });
  const text = JSON.stringify(whole).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs = {}, ...body } = JSON.parse(text) as Json & { $defs?: Record<string, Json> };
  for (const [name, part] of Object.entries($defs)) define(schemas, name, part);
  return typeof body['id'] === 'string' ? define(schemas, body['id'], body) : body;
}

/** Makes the part a component, and returns the reference that stands in its place. */
function define(schemas: Json, name: string, part: Json): Json {
  schemas[name] = Object.fromEntries(Object.entries(part).filter(([key]) => key !== 'id'));
  return { $ref: `#/components/schemas/${name}` };
}

/** The format already says what its pattern spells out at length; and a reply may gain fields without breaking anyone. */
function plain(io: 'input' | 'output', schema: Json): void {
  if (schema['format'] === 'date-time') delete schema['pattern'];
  if (io === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
}
