/** The tables of what a person can get wrong, as a whole. Each destination proves its own in `wrong-fields.io.test.ts`. */
import { expect, test } from 'vitest';
import { bigqueryWrongFields } from './bigquery/wrong-fields.ts';
import { wrongFields as duckdb } from './duckdb/wrong-fields.ts';
import { wrongFields as redshift } from './redshift/wrong-fields.ts';
import { destinations, type DestinationKind } from './registry.ts';
import { wrongFields as s3 } from './s3/wrong-fields.ts';
import { wrongFields as snowflake } from './snowflake/wrong-fields.ts';
import { wrongFields as synapse } from './synapse/wrong-fields.ts';

interface Case {
  readonly wrong: string;
  readonly step: string;
}

const tables: Readonly<Record<DestinationKind, readonly Case[]>> = {
  bigquery: bigqueryWrongFields,
  duckdb,
  redshift,
  s3,
  snowflake,
  synapse,
};

test('at least 60 things that can be wrong have a case', () => {
  const counts = Object.entries(tables).map(([kind, cases]) => [kind, cases.length] as const);
  const whole = counts.reduce((sum, [, count]) => sum + count, 0);
  expect(whole, JSON.stringify(counts)).toBeGreaterThanOrEqual(60);
});

test.for(Object.keys(destinations) as DestinationKind[])(
  '%s: no case twice, and cases of the form as well as of the warehouse',
  (kind) => {
    const names = tables[kind].map(({ wrong }) => wrong);
    expect(names).toEqual([...new Set(names)]);
    expect(tables[kind].some(({ step }) => step === 'form')).toBe(true);
    expect(tables[kind].some(({ step }) => step !== 'form')).toBe(true);
  },
);
