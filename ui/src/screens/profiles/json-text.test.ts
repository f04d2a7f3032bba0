import { expect, test } from 'vitest';
import { indentedJson, jsonMembers } from './json-text.ts';

const hostile =
  '{"2":9007199254740993,"1":0.10000000000000000001,"a\\"b":"x\\\\\\",{}[]:","n":{"deep":[1,{}]},"e":[],"t":true}';

test('indenting changes nothing but the spaces between', () => {
  const indented = indentedJson(hostile);
  expect(
    indented
      .split('\n')
      .map((line) => line.trimStart())
      .join('')
      .replaceAll('": ', '":'),
  ).toBe(hostile);
  expect(indentedJson('{"a":{"b":[1,"x y"]},"c":{}}')).toBe(
    '{\n  "a": {\n    "b": [\n      1,\n      "x y"\n    ]\n  },\n  "c": {}\n}',
  );
  expect(indentedJson('{}')).toBe('{}');
  expect(indentedJson('[[],[{}]]')).toBe('[\n  [],\n  [\n    {}\n  ]\n]');
});

test('members come in their order, with every digit', () => {
  expect(jsonMembers(hostile)).toEqual([
    ['2', '9007199254740993'],
    ['1', '0.10000000000000000001'],
    ['a"b', '"x\\\\\\",{}[]:"'],
    ['n', '{"deep":[1,{}]}'],
    ['e', '[]'],
    ['t', 'true'],
  ]);
  expect(jsonMembers('{}')).toEqual([]);
});
