import { describe, expect, test } from 'vitest';
import { toAppError } from '../../kernel/app-error.ts';
import type { CheckStep, Session } from '../destination.ts';
import { metricTable, profileTable } from '../tables.ts';
import type { Lacks } from './rig.ts';
import { live, type WithWorkbench, type Workbench } from './workbench.ts';

async function stepsOf(session: Session): Promise<CheckStep[]> {
  const steps = [];
  for await (const step of session.check(live)) steps.push(step);
  return steps;
}

export function sessionCases(withWorkbench: WithWorkbench, lacks: Lacks): void {
  describe('session', () => {
    test(
      'two sessions load one table at the same time',
      withWorkbench(async (bench) => {
        const batches = [];
        for (let i = 0; i < 6; i++)
          batches.push(
            await bench.metrics([
              [`own ${i}`, i, 'x'],
              ['shared', 10 + i, `by ${i}`],
            ]),
          );
        await using one = await bench.open();
        await using two = await bench.open();
        await Promise.all(batches.map((batch, i) => (i % 2 ? one : two).load(batch, live)));
        await one[Symbol.asyncDispose]();
        await two[Symbol.asyncDispose]();
        const state = await bench.state();
        expect(state).toHaveLength(7);
        expect(state.at(-1)).toEqual(['shared', 15, 'by 5']);
      }),
    );

    test(
      'one session loads two tables at the same time',
      withWorkbench(async (bench) => {
        const metrics = await bench.metrics([['m', 1, 'x']]);
        const profiles = await bench.batch(profileTable, [bench.line(profileTable, { id: 'p', _change_number: 2 })]);
        {
          await using session = await bench.open();
          await Promise.all([session.load(metrics, live), session.load(profiles, live)]);
        }
        expect(await bench.state()).toHaveLength(1);
        expect(await bench.rig.readBack(profileTable)).toHaveLength(1);
      }),
    );

    test(
      'a session that has ended holds nothing and refuses work',
      withWorkbench(async (bench) => {
        const session = await bench.open();
        await session.load(await bench.metrics([['a', 1, 'x']]), live);
        await session[Symbol.asyncDispose]();
        await session[Symbol.asyncDispose]();
        expect(await bench.rig.isReleased()).toBe(true);
        expect(await bench.leftInTempDir()).toEqual([]);
        await expect(session.load(await bench.metrics([['a', 2, 'y']]), live)).rejects.toMatchObject({
          code: 'CANCELLED',
        });
      }),
    );

    test(
      'the check passes on a good warehouse, before and after a load, and leaves nothing',
      withWorkbench(async (bench) => {
        const check = async (): Promise<void> => {
          const before = await bench.rig.inventory();
          {
            await using session = await bench.open();
            const steps = await stepsOf(session);
            expect(steps.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
            expect(steps.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(2);
            expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
          }
          expect(await bench.rig.inventory()).toEqual(before);
        };
        await check();
        await bench.load(await bench.metrics([['a', 1, 'x']]));
        await check();
      }),
    );

    test(
      'what the customer can fix is a failed step of the check and a translated error of a load; no secret is told',
      withWorkbench(async (bench) => {
        await using session = await bench.rig.destination.open(bench.rig.brokenSettings, bench.context);
        const steps = await stepsOf(session);
        const failed = steps.filter(({ outcome }) => outcome === 'failed');
        expect(failed.length).toBeGreaterThan(0);
        for (const step of steps) expect(step.error !== undefined).toBe(step.outcome === 'failed');
        const error = toAppError(
          await session.load(await bench.metrics([['a', 1, 'x']]), live).catch((thrown: unknown) => thrown),
        );
        expect(error.code).not.toBe('UNKNOWN');
        expect(error.remedy).toMatch(/^fix-/);
        bench.context.log.error({ err: error }, 'load.failed');
        const told = JSON.stringify([
          steps,
          failed.map((step) => everythingOf(step.error)),
          everythingOf(error),
          bench.logLines,
        ]);
        for (const secret of bench.rig.secrets) expect(told).not.toContain(secret);
      }),
    );

    test(
      'the log of a load holds steps and no secret, no row',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 1, 'a very private name']]));
        const log = bench.logLines.join('');
        expect(log).toContain('"step"');
        for (const secret of [...bench.rig.secrets, 'a very private name']) expect(log).not.toContain(secret);
      }),
    );

    test(
      'the set-up script works from incomplete settings and holds no secret',
      withWorkbench(async ({ rig }) => {
        for (const settings of [rig.settings, {}]) {
          const script = rig.destination.setup(settings, { outboundAddresses: ['192.0.2.0/24'] });
          expect(script.text.length).toBeGreaterThan(0);
          expect(script.instructions.length).toBeGreaterThan(0);
          for (const secret of rig.secrets) expect(JSON.stringify(script)).not.toContain(secret);
        }
      }),
    );

    test.skipIf(lacks['schema-drift'])(
      'a dropped column comes back, or is named with the statement that repairs it',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 1, 'x']]));
        await bench.rig.drift?.(metricTable, 'integration_name', 'drop');
        if (lacks['adds-columns']) {
          await names(bench, 'integration_name');
          return;
        }
        await bench.load(await bench.metrics([['b', 2, 'y']]));
        expect((await bench.rig.readBack(metricTable))[1]).toHaveProperty('integration_name');
      }),
    );

    test.skipIf(lacks['schema-drift'])(
      'a retyped column is named with the statement that repairs it',
      withWorkbench(async (bench) => {
        await bench.load(await bench.metrics([['a', 1, 'x']]));
        await bench.rig.drift?.(metricTable, 'created', 'retype');
        await names(bench, 'created');
      }),
    );
  });
}

/** A load and the check name the column and say how to repair it. */
async function names(bench: Workbench, column: string): Promise<void> {
  await expect(bench.load(await bench.metrics([['c', 3, 'z']]))).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    summary: expect.stringContaining(column),
    advice: expect.stringContaining('ALTER TABLE'),
  });
  await using session = await bench.open();
  const failed = (await stepsOf(session)).find(({ id }) => id === 'tables');
  expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'SCHEMA_MISMATCH' } });
}

/** Everything of an error that may be shown or stored. */
function everythingOf(error: unknown): object {
  if (!(error instanceof Error)) return {};
  return { ...error, message: error.message, stack: error.stack, cause: everythingOf(error.cause) };
}
