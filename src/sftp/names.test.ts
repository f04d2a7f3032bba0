import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importable, placeOf, readPath } from './names.ts';
import { SftpError } from './status.ts';

const placeOfText = (path: string) => placeOf(readPath(Buffer.from(path)));

test.for([
  ['/', { kind: 'root' }],
  ['', { kind: 'root' }],
  ['.', { kind: 'root' }],
  ['/profiles/', { kind: 'folder', folder: 'profiles' }],
  ['events', { kind: 'folder', folder: 'events' }],
  ['profiles/a.csv', { kind: 'file', folder: 'profiles', name: 'a.csv' }],
  ['/profiles/../events/./a.csv', { kind: 'file', folder: 'events', name: 'a.csv' }],
  ['//events//a.csv', { kind: 'file', folder: 'events', name: 'a.csv' }],
  ['/Profiles/a.csv', { kind: 'nowhere' }],
  ['/profiles/sub/a.csv', { kind: 'nowhere' }],
  ['/../../etc/passwd', { kind: 'nowhere' }],
  ['/a.csv', { kind: 'nowhere' }],
  ['/profiles/..\\..\\x.csv', { kind: 'file', folder: 'profiles', name: '..\\..\\x.csv' }],
] as const)('%s', ([path, place]) => {
  expect(placeOfText(path)).toEqual(place);
});

test('names written by a Mac and by others are the same name', () => {
  expect(placeOfText('/profiles/Z\u0307o\u0301łw.csv')).toEqual(placeOfText('/profiles/Żółw.csv'));
});

test.for([
  ['broken UTF-8', Buffer.from([0x2f, 0xc3, 0x28])],
  ['half a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
  ['NUL', Buffer.from('/profiles/a\0.csv')],
  ['a line break', Buffer.from('/profiles/a\nb.csv')],
  ['an escape sequence', Buffer.from('/profiles/\u001b[2J.csv')],
  ['a separator of lines', Buffer.from('/profiles/a\u2028.csv')],
  ['a long path', Buffer.from('/profiles/'.repeat(500))],
] as const)('%s is refused', ([, bytes]) => {
  expect(() => readPath(bytes)).toThrow(SftpError);
});

test('a name has 255 bytes at most, however few letters they are', () => {
  expect(placeOfText(`/profiles/${'é'.repeat(127)}`).kind).toBe('file');
  expect(() => placeOfText(`/profiles/${'é'.repeat(128)}`)).toThrow('too long');
});

test('whatever is asked for lies in one of the folders, or nowhere', () => {
  const part = fc.constantFrom('..', '.', '', 'profiles', 'events', 'x', '...', '~', '\\', '%2e%2e', 'a.csv');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const place = placeOfText(parts.join('/'));
      if (place.kind !== 'file') return;
      expect(['profiles', 'events']).toContain(place.folder);
      expect(place.name).not.toMatch(/^\.{0,2}$|\//);
    }),
  );
});

test('names that are imported, and names that wait', () => {
  const isImported = (name: string) => new RegExp(importable, 'i').test(name);
  for (const name of ['a.csv', 'A.CSV', 'a b.Csv', 'x.tmp.csv']) expect(isImported(name), name).toBe(true);
  for (const name of [
    '.a.csv',
    '.csv',
    'a.csv.filepart',
    'a.csv.tmp',
    '.in.a.csv',
    'a.partial',
    'a.txt',
    'csv',
    'a.csv.gz',
  ]) {
    expect(isImported(name), name).toBe(false);
  }
});
