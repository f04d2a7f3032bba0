import { afterAll, beforeAll } from 'vitest';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { conformance } from '../testing/conformance.ts';
import { openRig } from './testing/snowflake-rig.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('snowflake');
});
afterAll(() => standIn[Symbol.asyncDispose]());

conformance('Snowflake', () => openRig(standIn), {
  'adds-columns': 'Only the owner of a table may alter it in Snowflake; the role that loads owns nothing.',
  'json-text': 'VARIANT keeps the meaning of a document: keys in any order, of doubled ones the last.',
  'json-null': 'In JSON lines the JSON null and a missing value look the same; both become NULL.',
});
