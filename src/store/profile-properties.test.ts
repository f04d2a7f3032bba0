import { expect, test } from 'vitest';
import { JsonText } from '../kernel/json-text.ts';
import { fillObject, mergeObjects, patchObject } from './profile-properties.ts';

const json = (text: string): JsonText => new JsonText(text);

test('merging replaces in place, adds at the end, takes nulls away and leaves digits alone', () => {
  const merged = mergeObjects(
    json('{"z":1.10,"2":9223372036854775807,"a":1}'),
    json('{"a":null,"2":[null],"new":-0.0,"gone":null}'),
  );
  expect(merged.text).toBe('{"z":1.10,"2":[null],"new":-0.0}');
});

test('filling never replaces', () => {
  expect(fillObject(json('{"a":1}'), json('{"a":2,"b":3.0}')).text).toBe('{"a":1,"b":3.0}');
});

test('a patch unsets, then takes out, then appends', () => {
  const base = json('{"tags":["a","b","a"],"one":5,"gone":1,"keep":1.50}');
  const patch = {
    unset: ['gone', 'missing'],
    unappend: json('{"tags":"a","missing":1}'),
    append: json('{"tags":["c","d"],"one":6,"fresh":"x"}'),
  };
  expect(patchObject(base, patch).text).toBe('{"tags":["b","c","d"],"one":[5,6],"keep":1.50,"fresh":["x"]}');
});
