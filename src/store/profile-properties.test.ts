import { expect, test } from 'vitest';
import { JsonText } from '../kernel/json-text.ts';
import { ObjectDraft } from './profile-properties.ts';

const json = (text: string): JsonText => new JsonText(text);

test('merging replaces in place, adds at the end, takes nulls away and leaves digits alone', () => {
  const draft = new ObjectDraft('{"z":1.10,"2":9223372036854775807,"a":1}');
  expect(draft.merge(json('{"a":null,"2":[null],"new":-0.0,"gone":null}'))).toBe(true);
  expect(draft.text).toBe('{"z":1.10,"2":[null],"new":-0.0}');
});

test('what changes nothing says so and keeps the text', () => {
  const draft = new ObjectDraft('{"a":1.0,"b":[]}');
  expect(draft.merge(json('{"b":[],"c":null}'))).toBe(false);
  expect(draft.patch({ unset: ['c'], unappend: json('{"b":1,"c":1}'), append: json('{"b":[]}') })).toBe(false);
  expect(draft.text).toBe('{"a":1.0,"b":[]}');
});

test('filling never replaces', () => {
  const draft = new ObjectDraft('{"a":1}');
  draft.fillFrom(new ObjectDraft('{"a":2,"b":3.0}'));
  expect(draft.text).toBe('{"a":1,"b":3.0}');
});

test('clearing leaves an empty object', () => {
  const draft = new ObjectDraft('{"a":1}');
  expect(draft.clear()).toBe(true);
  expect(draft.clear()).toBe(false);
  expect(draft.text).toBe('{}');
});

test('a patch unsets, then takes out, then appends', () => {
  const draft = new ObjectDraft('{"tags":["a","b","a"],"one":5,"gone":1,"keep":1.50}');
  const patch = {
    unset: ['gone', 'missing'],
    unappend: json('{"tags":"a","missing":1}'),
    append: json('{"tags":["c","d"],"one":6,"fresh":"x"}'),
  };
  expect(draft.patch(patch)).toBe(true);
  expect(draft.text).toBe('{"tags":["b","c","d"],"one":[5,6],"keep":1.50,"fresh":["x"]}');
});

test('appends follow each other, and merges see what they made', () => {
  const draft = new ObjectDraft('{"a":1}');
  for (const item of ['2', '[3,4]', '"5"']) draft.patch({ append: json(`{"a":${item}}`) });
  expect(draft.merge(json('{"a":[1,2,3,4,"5"]}'))).toBe(false);
  draft.patch({ unappend: json('{"a":[3,1]}') });
  expect(draft.text).toBe('{"a":[2,4,"5"]}');
});
