/** Conditions of a list, written by a caller and turned into SQL with parameters only. */

export type ConditionOperator =
  | 'equals'
  | 'any'
  | 'has'
  | 'greater-than'
  | 'greater-or-equal'
  | 'less-than'
  | 'less-or-equal';

/** `values` has one item for comparisons, one or more for `equals` and `any` (one of them must match), none for `has`. */
export interface Condition {
  readonly field: string;
  readonly operator: ConditionOperator;
  readonly values: readonly (string | number)[];
}

export interface ConditionField {
  readonly type: 'text' | 'timestamptz' | 'epoch';
  /** The SQL that holds when `test` holds for the field's value (for one of them, where there are several). */
  sql(test: (expression: string) => string): string;
}

const comparisons = {
  'greater-than': '>',
  'greater-or-equal': '>=',
  'less-than': '<',
  'less-or-equal': '<=',
} as const;

export function column(expression: string, type: ConditionField['type'] = 'text'): ConditionField {
  return { type, sql: (test) => test(expression) };
}

/** SQL that begins with `and`, or is empty; the values are appended to `values`. */
export function conditionsSql(
  conditions: readonly Condition[],
  fields: Readonly<Record<string, ConditionField>>,
  values: unknown[],
): string {
  return conditions.map((condition) => ` and ${conditionSql(condition, fields, values)}`).join('');
}

function conditionSql(
  { field, operator, values: wanted }: Condition,
  fields: Readonly<Record<string, ConditionField>>,
  values: unknown[],
): string {
  const known = fields[field];
  if (!known) throw new RangeError(`no condition is known for the field ${field}`);
  if (operator === 'has') return known.sql((expression) => `${expression} is not null`);
  if (operator === 'equals' || operator === 'any') {
    values.push(wanted);
    return known.sql((expression) => `${expression} = any($${values.length}::${known.type}[])`);
  }
  values.push(wanted[0]);
  const value = known.type === 'epoch' ? `to_timestamp($${values.length}::float8)` : `$${values.length}::${known.type}`;
  return known.sql((expression) => `${expression} ${comparisons[operator]} ${value}`);
}
