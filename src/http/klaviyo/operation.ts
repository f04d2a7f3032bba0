import type { ConditionOperator } from '../../store/conditions.ts';
import type { RateLimit } from './rate-limit.ts';

/** How a filter may be used on one field. */
export interface FilterRule {
  /** Operators that take one value. */
  readonly single?: readonly ConditionOperator[];
  /** Operators that take a list of values. */
  readonly list?: readonly ConditionOperator[];
  /** Operators that take no value. */
  readonly none?: readonly ConditionOperator[];
  readonly value?: 'string' | 'date-time' | 'number';
  /** The values that make sense, where they are a closed list. */
  readonly values?: readonly string[];
}

/** One endpoint: everything about it that is data. `operations.ts` lists them all. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With `{name}` for parameters. */
  readonly path: string;
  /** `private`: an API key in the Authorization header; `client`: the account's public id in `company_id`. */
  readonly access: 'private' | 'client';
  readonly limit: RateLimit;
  /** A lower limit that holds when the query parameter names the value. */
  readonly lowerLimits?: readonly { readonly parameter: string; readonly value: string; readonly limit: RateLimit }[];
  readonly filters?: Readonly<Record<string, FilterRule>>;
  /** Without the leading minus; the first is the default, descending where it says so. */
  readonly sorts?: readonly string[];
  readonly defaultSort?: string;
  /** `max` null: the caller cannot choose the size. */
  readonly page?: { readonly size: number; readonly max: number | null };
  /** Sparse fieldsets: what may be named in `fields[type]`. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** What may be named in `additional-fields[type]`. */
  readonly additionalFields?: Readonly<Record<string, readonly string[]>>;
  readonly include?: readonly string[];
}
