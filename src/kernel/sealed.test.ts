import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from './app-error.ts';
import { seal, sealingKey, unseal } from './sealed.ts';

const first = sealingKey('a first secret that is long enough');
const second = sealingKey('a second secret that is long enough');

test('opens what it sealed, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
      expect(unseal([first], seal([first], plain, context), context)).toBe(plain);
    }),
  );
});

test('a rotated key still opens what it sealed, a removed one does not', () => {
  const sealed = seal([first], 'credentials', 'account:1');
  expect(unseal([second, first], sealed, 'account:1')).toBe('credentials');
  expect(() => unseal([second], sealed, 'account:1')).toThrow(AppError);
});

test('a value copied to another account or altered anywhere does not open', () => {
  const sealed = seal([first], 'credentials', 'account:1');
  expect(() => unseal([first], sealed, 'account:2')).toThrow('cannot be decrypted');
  const [version, key, iv, body] = sealed.split('.') as [string, string, string, string];
  const bytes = Buffer.from(body, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const altered = Buffer.from(bytes);
    altered[i] = altered[i]! ^ 1;
    expect(() => unseal([first], [version, key, iv, altered.toString('base64url')].join('.'), 'account:1')).toThrow(
      AppError,
    );
  }
  expect(() => unseal([first], 'garbage', 'account:1')).toThrow(AppError);
});

test('the same text never seals to the same value, and the value does not show it', () => {
  const sealed = [seal([first], 'credentials', 'c'), seal([first], 'credentials', 'c')];
  expect(sealed[0]).not.toBe(sealed[1]);
  expect(Buffer.from(sealed[0]!.split('.')[3]!, 'base64url').toString('latin1')).not.toContain('credentials');
});
