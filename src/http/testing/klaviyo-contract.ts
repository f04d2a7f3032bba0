/** The published description of the API (`tests/acceptance/fixtures`), as a judge of answers. */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export interface PublishedParameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly schema: {
    readonly enum?: readonly string[];
    readonly default?: number;
    readonly maximum?: number;
    readonly items?: { readonly enum?: readonly string[] };
  };
}

export interface PublishedOperation {
  readonly operationId: string;
  readonly parameters?: readonly PublishedParameter[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly 'x-klaviyo-ratelimit': { readonly burst: string; readonly steady: string };
  readonly 'x-klaviyo-filters'?: Readonly<
    Record<
      string,
      {
        readonly operators: Readonly<Record<string, readonly string[]>>;
        readonly value?: { readonly type: string; readonly format?: string; readonly enum?: readonly string[] };
      }
    >
  >;
}

const file = new URL('../../../tests/acceptance/fixtures/klaviyo-api-2026-07-15.json', import.meta.url);
const published = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>;
};

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
// a URI proper, not what a lenient parser accepts: no brackets or spaces left unescaped
const uri = /^https?:\/\/[^\s[\]<>"{}|\\^`]+$/;

export function publishedOperations(): { path: string; method: string; operation: PublishedOperation }[] {
  return Object.entries(published.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => 'operationId' in operation)
      .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** Collects every answer that does not fit its description, and which operations were seen to succeed. */
export class ContractJudge {
  readonly violations: string[] = [];
  readonly succeeded = new Set<string>();
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    this.#ajv.addFormat('date-time', (text) => instant.test(text) && !Number.isNaN(Date.parse(text)));
    this.#ajv.addFormat('uri', (text) => uri.test(text) && URL.canParse(text));
    this.#ajv.addSchema(acceptNulls(published) as object, 'api');
  }

  /**
   * @param path with `{name}` for parameters, as the description has it
   * @param sparse whether a sparse fieldset was asked for: attributes may then be missing
   */
  judge(method: string, path: string, status: number, text: string, sparse = false): void {
    const operation = published.paths[path]?.[method.toLowerCase()];
    const name = `${method} ${path} ${status}`;
    if (status < 300) {
      const response = operation?.responses[String(status)];
      if (!operation || !response) return void this.violations.push(`${name}: no such answer is described`);
      this.succeeded.add(operation.operationId);
      if (!response.content) {
        if (text !== '') this.violations.push(`${name}: the body must be empty`);
        return;
      }
      const pointer = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`;
      this.#check(name, pointer, text, sparse);
    } else this.#check(name, `/components/responses/${status < 500 ? 'ClientError' : 'ServerError'}`, text, false);
  }

  #check(name: string, response: string, text: string, sparse: boolean): void {
    const pointer = `${response}/content/${escaped('application/vnd.api+json')}/schema`;
    let validate = this.#validators.get(pointer);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `api#${pointer}` });
      this.#validators.set(pointer, validate);
    }
    try {
      if (validate(JSON.parse(text))) return;
      const errors = (validate.errors ?? []).filter((error) => !(sparse && isAboutSparseness(error)));
      if (errors.length > 0) this.violations.push(`${name}: ${this.#ajv.errorsText(errors)}`);
    } catch {
      this.violations.push(`${name}: the body is not JSON: ${text.slice(0, 200)}`);
    }
  }
}

/** A missing attribute, and what its absence makes of the schemas around it. */
function isAboutSparseness({ keyword, instancePath }: ErrorObject): boolean {
  return /\/attributes(\/|$)/.test(instancePath) && ['required', 'anyOf', 'oneOf', 'type'].includes(keyword);
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** OpenAPI's `nullable` as JSON Schema says it. */
function acceptNulls(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(acceptNulls);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, acceptNulls(value)]),
  );
  // a property may be called "nullable"; only the keyword is a boolean
  if (nullable !== true) return nullable === undefined ? rest : { ...rest, nullable };
  return { anyOf: [{ type: 'null' }, rest] };
}
