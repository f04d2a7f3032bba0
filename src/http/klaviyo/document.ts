import { JsonText, objectMembers } from '../../kernel/json-text.ts';
import type { ListPage } from '../../store/list-page.ts';
import { encodeCursor } from './cursor.ts';
import type { Query } from './query.ts';

/** A resource object. Every key is always present: some clients recognise an included item only when it has them all. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships: Readonly<Record<string, unknown>>;
  readonly links: { readonly self: string };
}

/** A document with one resource. */
export function single(url: URL, data: Resource, included?: readonly Resource[]): object {
  return { data, ...(included ? { included } : {}), links: { self: url.href } };
}

/** A document with one page of a list. `prev` and `next` are left out where there is no such page. */
export function collection<Row>(
  url: URL,
  query: Query,
  page: ListPage<Row>,
  data: readonly object[],
  included?: readonly Resource[],
): object {
  const at = (direction: 'next' | 'prev', edge: ListPage<Row>['next']): string | undefined => {
    if (!edge) return undefined;
    const link = new URL(url);
    link.searchParams.set('page[cursor]', encodeCursor({ ...edge, direction }, query.scope));
    return link.href;
  };
  return {
    data,
    ...(included ? { included } : {}),
    links: { self: url.href, prev: at('prev', page.prev), next: at('next', page.next) },
  };
}

/** The address of a resource or of something below it. */
export function address(url: URL, ...path: readonly string[]): string {
  return `${url.origin}/api/${path.map((part) => encodeURIComponent(part)).join('/')}/`;
}

/** A relationship to one resource, or to none of a kind Wharf does not keep. */
export function relationship(url: URL, owner: readonly [string, string], name: string, data: unknown): object {
  return {
    data,
    links: { self: address(url, ...owner, 'relationships', name), related: address(url, ...owner, name) },
  };
}

/** The attributes a sparse fieldset asks for; all of them when there is none. A dotted name picks one member of an object. */
export function sparse(
  attributes: Readonly<Record<string, unknown>>,
  fields: readonly string[] | undefined,
): Record<string, unknown> {
  if (!fields) return { ...attributes };
  const picked: Record<string, unknown> = {};
  for (const field of fields) pick(attributes, field.split('.'), picked);
  return picked;
}

function pick(source: Readonly<Record<string, unknown>>, path: readonly string[], into: Record<string, unknown>): void {
  const [name, ...rest] = path;
  if (name === undefined || source[name] === undefined) return;
  const members = rest.length > 0 ? asMembers(source[name]) : null;
  if (!members) {
    into[name] = source[name];
    return;
  }
  const target = { ...asMembers(into[name]) };
  pick(members, rest, target);
  into[name] = target;
}

function asMembers(value: unknown): Readonly<Record<string, unknown>> | null {
  if (value instanceof JsonText) {
    const members = objectMembers(value);
    return members && Object.fromEntries(members);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
