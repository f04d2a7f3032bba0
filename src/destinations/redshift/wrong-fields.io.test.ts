import { afterAll, beforeAll } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import type { RedshiftSettings } from './spec.ts';
import { RedshiftBench, wrongFields } from './wrong-fields.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('redshift');
});
afterAll(() => standIn[Symbol.asyncDispose]());

proveWrongFields(
  'Amazon Redshift',
  async () => new RedshiftBench((await standIn.createWarehouse()) as unknown as RedshiftSettings),
  wrongFields,
);
