/**
 * What every destination promises (`destination.ts`), as tests. A destination's test file calls
 * `conformance('DuckDB', openRig)`; `lacks` names what its nature forbids, with the reason.
 */
import { describe } from 'vitest';
import { faultCases } from './conformance-faults.ts';
import { mergeCases } from './conformance-merge.ts';
import { sessionCases } from './conformance-session.ts';
import { valueCases } from './conformance-values.ts';
import type { Lacks, Rig } from './rig.ts';
import { Workbench, type WithWorkbench } from './workbench.ts';

export function conformance(name: string, openRig: () => Promise<Rig>, lacks: Lacks = {}): void {
  const withWorkbench: WithWorkbench = (run) => async () => {
    await using bench = await Workbench.open(openRig);
    await run(bench);
  };
  describe(`${name} keeps the promises of a destination`, () => {
    valueCases(withWorkbench, lacks);
    mergeCases(withWorkbench);
    faultCases(withWorkbench, lacks);
    sessionCases(withWorkbench, lacks);
  });
}
