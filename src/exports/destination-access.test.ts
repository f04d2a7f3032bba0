import { expect, test } from 'vitest';
import { sealingKey } from '../kernel/sealed.ts';
import { storeSettings, withStoredSecrets } from './destination-access.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const { destination } = new MemoryWarehouse();
const old = [sealingKey('the key that was lost')] as const;
const present = [sealingKey('the key that is there now')] as const;

test('an empty secret keeps its value, a given one replaces it', () => {
  const stored = storeSettings(destination, { place: 'here', password: 'first' }, old, 1);
  expect(JSON.stringify(stored)).not.toContain('first');
  for (const password of ['', null, undefined]) {
    const whole = withStoredSecrets(destination, { place: 'there', password }, stored, old, 1);
    expect(whole).toEqual({ place: 'there', password: 'first' });
  }
  const typed = { place: 'here', password: 'second' };
  expect(withStoredSecrets(destination, typed, stored, old, 1)).toEqual(typed);
});

test('after the secret key was lost, credentials can be entered again, all of them', () => {
  const stored = storeSettings(destination, { place: 'here', password: 'first' }, old, 1);
  const typed = { place: 'here', password: 'second' };
  expect(withStoredSecrets(destination, typed, stored, present, 1)).toEqual(typed);
  expect(() => withStoredSecrets(destination, { place: 'here' }, stored, present, 1)).toThrow('cannot be decrypted');
});
