import { expect, test } from 'vitest';
import { sealingKey } from '../kernel/sealed.ts';
import { changedPlaces, editedSettings, storeSettings } from './destination-access.ts';
import { MemoryWarehouse } from './testing/memory-warehouse.ts';

const { destination } = new MemoryWarehouse();
const old = [sealingKey('the key that was lost')] as const;
const present = [sealingKey('the key that is there now')] as const;

const whole = { place: 'here', host: 'memory.example', note: '', password: 'first' };
const stored = storeSettings(destination, whole, old, 1);

test('an empty secret keeps its value, a given one replaces it', () => {
  expect(JSON.stringify(stored)).not.toContain('first');
  for (const password of ['', null, undefined]) {
    const edited = editedSettings(destination, { place: 'there', password }, stored, old, 1);
    expect(edited).toEqual({ ...whole, place: 'there' });
  }
  const typed = { ...whole, password: 'second' };
  expect(editedSettings(destination, typed, stored, old, 1)).toEqual(typed);
});

test('after the secret key was lost, credentials can be entered again, all of them', () => {
  const typed = { ...whole, password: 'second' };
  expect(editedSettings(destination, typed, stored, present, 1)).toEqual(typed);
  expect(() => editedSettings(destination, { place: 'here' }, stored, present, 1)).toThrow('cannot be decrypted');
});

test('a stored secret is not sent to another server; typed again it is', () => {
  const typed = { place: 'here', host: 'elsewhere.example' };
  const message = 'Enter it again: the host has changed, and stored secrets are not sent to another server.';
  expect(() => editedSettings(destination, typed, stored, old, 1)).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID', details: { problems: [{ field: 'password', message }] } }),
  );
  expect(editedSettings(destination, { ...typed, password: 'first' }, stored, old, 1)).toMatchObject(typed);
});

test('the same server in other words keeps the secret: blanks, and the default that is left out', () => {
  for (const host of [' memory.example ', undefined]) {
    expect(editedSettings(destination, { place: 'here', host }, stored, old, 1)).toEqual(whole);
  }
});

test('a place changes by its meaning, not by its spelling; other fields are no place', () => {
  const names = (before: object, after: object): string[] =>
    changedPlaces(destination, { ...before }, { ...whole, ...after }).map(({ name }) => name);
  const { password: _, ...plain } = whole;
  expect(names(plain, {})).toEqual([]);
  expect(names({ ...plain, place: ' here ', note: 'old', host: undefined }, { password: 'second' })).toEqual([]);
  expect(names(plain, { place: 'there' })).toEqual(['place']);
  expect(names(plain, { place: 'there', host: 'elsewhere.example' })).toEqual(['place', 'host']);
  // what cannot be read today is compared as it stands
  expect(names({ ...plain, place: '' }, {})).toEqual(['place']);
});
