import { describe, expect, test } from 'vitest';
import { AppError } from '../kernel/app-error.ts';
import { classify, matchingRules, signalOf, type ErrorRule } from './rules.ts';

const rules: readonly ErrorRule[] = [
  { code: 'UNKNOWN', pattern: /denied/ },
  { code: 'AUTH_INVALID', sqlStates: ['28000'] },
  { code: 'PERMISSION_MISSING', vendorCodes: ['42'], summary: 'Not allowed here.' },
  { code: 'NOT_FOUND_TABLE', vendorCodes: ['7'], phase: 'load' },
];
const options = { secrets: ['hunter22'], phase: 'load' } as const;

describe('classify', () => {
  test('a vendor code decides before an SQLSTATE, and that before the text', () => {
    const signal = { vendorCodes: ['42'], sqlState: '28000', text: 'denied', requestId: null };
    const order = matchingRules(signal, rules, 'load').map((rule) => rule.code);
    expect(order).toEqual(['PERMISSION_MISSING', 'AUTH_INVALID', 'UNKNOWN']);
  });

  test("keeps the vendor's words and request id, without secrets, also in the cause", () => {
    const thrown = Object.assign(new Error('denied for hunter22 at https://h/?sig=abc'), {
      code: 42,
      $metadata: { requestId: 'req-1' },
      config: { password: 'hunter22' },
    });
    const error = classify(thrown, rules, { ...options, details: { bucket: 'b' } });
    expect(error).toMatchObject({
      code: 'PERMISSION_MISSING',
      summary: 'Not allowed here.',
      externalMessage: 'denied for [redacted] at https://h/?sig=[redacted]',
      details: { bucket: 'b', requestId: 'req-1' },
    });
    const cause = error.cause as Error;
    expect(`${cause.message} ${cause.stack} ${JSON.stringify(Object.entries(cause))}`).not.toContain('hunter22');
  });

  test('what no rule knows is UNKNOWN with its words', () => {
    expect(classify(new Error('strange'), rules, options)).toMatchObject({
      code: 'UNKNOWN',
      externalMessage: 'strange',
    });
    expect(classify('a string', rules, options)).toMatchObject({ code: 'UNKNOWN', externalMessage: 'a string' });
    expect(classify(undefined, rules, options).code).toBe('UNKNOWN');
  });

  test('an AppError passes unchanged', () => {
    const error = new AppError('FENCED');
    expect(classify(error, rules, options)).toBe(error);
  });

  test('a rule of another phase does not hold', () => {
    expect(classify({ code: '7' }, rules, options).code).toBe('NOT_FOUND_TABLE');
    expect(classify({ code: '7' }, rules, { ...options, phase: 'open' }).code).toBe('UNKNOWN');
  });

  test('hostile texts are cut and made storable', () => {
    const { externalMessage } = classify(new Error(`\0${'x'.repeat(5_000_000)}`), rules, options);
    expect(externalMessage).toHaveLength(4000);
    expect(externalMessage).not.toContain('\0');
  });
});

describe('signalOf', () => {
  test('reads codes and words through causes and aggregates, and ends on a circle', () => {
    const inner = Object.assign(new Error('inner'), { code: 'ECONNREFUSED', sqlState: '08001' });
    const outer = new AggregateError([inner], 'outer', { cause: inner });
    Object.assign(inner, { cause: outer });
    expect(signalOf(outer)).toMatchObject({ sqlState: '08001', text: 'outer\ninner' });
    expect(signalOf(outer).vendorCodes).toContain('ECONNREFUSED');
  });
});
