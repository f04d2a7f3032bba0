import { z } from 'zod';
import type { Permission } from './roles.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * Who may call:
 * `public` anyone · `caller` any valid key, anyone signed in, or the operator · `account` a key of the account that is
 * named in the path, a member of it, or the operator · `operator` the operator alone.
 */
export type Access = 'public' | 'caller' | 'account' | 'operator';

export type Tag =
  | 'accounts'
  | 'people'
  | 'keys'
  | 'destinations'
  | 'connection'
  | 'syncs'
  | 'imports'
  | 'catalogue'
  | 'service';

/**
 * One address of the API. The server's routes, the client, the OpenAPI document and the tests are all driven by these.
 * `reply` is the JSON body of a success. `lines`, when present, is the type of one line of a stream: asked for with
 * `Accept: application/x-ndjson` or `text/event-stream`, the lines are sent as they come; asked for JSON, they are
 * collected as `{data: [...]}`, unless the stream is `endless`.
 */
export interface Endpoint<
  A extends Access = Access,
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType | null = z.ZodType | null,
  Reply extends z.ZodType | null = z.ZodType | null,
  Line extends z.ZodType | null = z.ZodType | null,
> {
  readonly method: Method;
  /** Parameters in braces: `/v1/accounts/{account}`. */
  readonly path: string;
  readonly tag: Tag;
  readonly access: A;
  /** What a person's role must allow. Keys and the operator may do all. */
  readonly needs: Permission | null;
  readonly summary: string;
  readonly status: 200 | 201 | 204;
  readonly params: Params;
  readonly query: Query;
  /** null: the request has no body. */
  readonly body: Body;
  /** null: a success has no body (204), or is a stream only. */
  readonly reply: Reply;
  readonly lines: Line;
  readonly endless: boolean;
}

type Given<T, Otherwise> = [T] extends [z.ZodType] ? T : Otherwise;

interface EndpointParts {
  readonly method: Method;
  readonly path: string;
  readonly tag: Tag;
  readonly access: Access;
  readonly needs?: Permission;
  readonly summary: string;
  readonly status?: 200 | 201 | 204;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly lines?: z.ZodType;
  readonly endless?: boolean;
}

const nothing = z.strictObject({});
export type Nothing = typeof nothing;

export function endpoint<const Parts extends EndpointParts>(
  parts: Parts,
): Endpoint<
  Parts['access'],
  Given<Parts['params'], Nothing>,
  Given<Parts['query'], Nothing>,
  Given<Parts['body'], null>,
  Given<Parts['reply'], null>,
  Given<Parts['lines'], null>
> {
  const defaults = {
    status: 200,
    params: nothing,
    query: nothing,
    body: null,
    reply: null,
    lines: null,
    endless: false,
    needs: parts.access === 'account' ? usualNeed(parts) : null,
  };
  return { ...defaults, ...parts } as never;
}

/** Reading asks for little; what else is asked follows from what the endpoint is about. */
function usualNeed({ method, tag }: EndpointParts): Permission {
  return method === 'GET' ? 'view' : needOfTag[tag];
}

const needOfTag: Record<Tag, Permission> = {
  accounts: 'configure',
  keys: 'configure',
  destinations: 'connect',
  connection: 'connect',
  syncs: 'operate',
  imports: 'import',
  people: 'people',
  catalogue: 'view',
  service: 'view',
};

/** The values as a server reads them and a client gets them. */
export type Out<S extends z.ZodType | null> = S extends z.ZodType ? z.output<S> : undefined;
/** The values as a client writes them and a server gives them. */
export type In<S extends z.ZodType | null> = S extends z.ZodType ? z.input<S> : undefined;

/** The path with its parameters filled in and encoded. */
export function fillPath(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}
