import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonSyntaxError } from './json-text-scanner.ts';
import {
  arrayItems,
  JsonText,
  notesBelow,
  objectMembers,
  objectText,
  parseJson,
  parseJsonText,
  stringifyJson,
} from './json-text.ts';

/** Any string of UTF-16 units, lone surrogates and NUL among them. */
const anyString = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe00f }), fc.constant(0)), {
    maxLength: 12,
  })
  .map((units) => String.fromCharCode(...units));

const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyString,
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(anyString, fc.constant('__proto__')), tie('value')), { maxLength: 4 }).map(fromEntries),
  ),
})).value;

function fromEntries(entries: [string, unknown][]): object {
  return Object.fromEntries(entries);
}

/** What the door promises for a decoded value. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [cleaned(key), cleaned(member)]));
  }
  return value;
}

test('agrees with JSON.parse on every valid text, but for what the door replaces', () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 1, '\t\r\n'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed = parseJson(text);
      expect(parsed.value).toEqual(cleaned(value));
      expect(parsed.notes.length > 0).toBe(JSON.stringify(value) !== JSON.stringify(cleaned(value)));
    }),
    { numRuns: 2000 },
  );
});

test('kept text is compact, clean, and means the same', () => {
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 3), (value, indent) => {
      const { json } = parseJsonText(JSON.stringify(value, null, indent));
      expect(json.text.isWellFormed()).toBe(true);
      expect(JSON.parse(json.text)).toEqual(cleaned(value));
      expect(json.text.length).toBeLessThanOrEqual(JSON.stringify(value).length);
      expect(parseJsonText(json.text)).toEqual({ json, notes: [] });
    }),
    { numRuns: 2000 },
  );
});

test('strings written with any mix of escapes and raw units read as JSON.parse reads them', () => {
  const unit = fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.boolean());
  const nearSurrogates = fc.tuple(fc.integer({ min: 0xd7fe, max: 0xe001 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.oneof(unit, nearSurrogates), { maxLength: 8 }), (units) => {
      const body = units.map(([code, asEscape]) =>
        asEscape || code < 0x20 || code === 0x22 || code === 0x5c
          ? `\\u${code.toString(16).padStart(4, '0')}`
          : String.fromCharCode(code),
      );
      const text = `"${body.join('')}"`;
      const expected = cleaned(JSON.parse(text));
      expect(parseJson(text).value).toBe(expected);
      const { json } = parseJsonText(text);
      expect(JSON.parse(json.text)).toBe(expected);
      expect(Buffer.from(json.text).toString()).toBe(json.text);
    }),
    { numRuns: 3000 },
  );
});

test('accepts and refuses exactly what JSON.parse does', () => {
  const fragment = fc.constantFrom(
    ...'{}[]:,"\\ \n-+.eE0123tfnu',
    'true',
    'false',
    'null',
    '"a"',
    '1',
    '\u0001',
    '\uFEFF',
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 9 }), (fragments) => {
      const text = fragments.join('');
      const valid = isValid(() => JSON.parse(text) as unknown);
      expect(isValid(() => parseJson(text))).toBe(valid);
      expect(isValid(() => parseJsonText(text))).toBe(valid);
    }),
    { numRuns: 5000 },
  );
});

function isValid(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

test('digits, escapes and key order survive in raw members', () => {
  const text = '{"b": 9223372036854775807, "10": 1.10, "1":1E+400,"a":"\\u00e9\\/\\ud83d\\ude00","b":-0.0}';
  const { value, notes } = parseJson(`{"properties" : ${text}, "n": 1}`, { rawKeys: new Set(['properties']) });
  expect(value).toEqual({ properties: new JsonText(text.replaceAll(/(?<=[:,]) /g, '')), n: 1 });
  expect(notes).toEqual([]);
});

test('an escaped backslash before u0000 is no NUL', () => {
  expect(parseJsonText('"\\\\u0000"')).toEqual({ json: new JsonText('"\\\\u0000"'), notes: [] });
  expect(parseJsonText('"\\\\\\u0000"').json.text).toBe('"\\\\\uFFFD"');
});

test('notes name the place, keys with slashes included', () => {
  const { value, notes } = parseJson('{"a/b":[1,{"~":"x\\u0000"}],"raw":{"k\\ud800":["","\\udc00\\u0000"]}}', {
    rawKeys: new Set(['raw']),
  });
  expect(value).toEqual({ 'a/b': [1, { '~': 'x\uFFFD' }], raw: new JsonText('{"k\uFFFD":["","\uFFFD\uFFFD"]}') });
  expect(notes).toEqual([
    { path: '/a~1b/1/~0', change: 'nul-replaced' },
    { path: '/raw/k\uFFFD', change: 'surrogate-replaced' },
    { path: '/raw/k\uFFFD/1', change: 'nul-replaced' },
    { path: '/raw/k\uFFFD/1', change: 'surrogate-replaced' },
  ]);
  expect(notesBelow(notes, '/a~1b')).toEqual([{ path: '/1/~0', change: 'nul-replaced' }]);
});

describe('hostile input', () => {
  test('__proto__ is data, in values and in raw members', () => {
    const { value } = parseJson('{"__proto__":{"admin":true},"x":1}') as { value: Record<string, unknown> };
    expect(Object.keys(value)).toEqual(['__proto__', 'x']);
    expect(value['admin']).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('100,000 levels are refused, also in raw members', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => parseJson(deep)).toThrow(/nested deeper than 100 levels/);
    expect(() => parseJson(`{"raw":${deep}}`, { rawKeys: new Set(['raw']) })).toThrow(/nested deeper/);
  });

  test('a number of a million digits stays text', () => {
    const digits = '9'.repeat(1_000_000);
    expect(parseJsonText(digits).json.text).toBe(digits);
  });

  test('an error tells line and column', () => {
    const error = catchSyntaxError(() => parseJson('{\n  "a": tru }'));
    expect(error).toMatchObject({ offset: 9, line: 2, column: 8 });
  });

  test('notes are bounded', () => {
    const { notes } = parseJson(`[${Array.from({ length: 20_000 }, () => '"\\u0000"').join(',')}]`);
    expect(notes).toHaveLength(10_000);
  });
});

function catchSyntaxError(work: () => unknown): JsonSyntaxError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
  }
  return undefined;
}

test('members and items are taken apart and put together unchanged', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const { json } = parseJsonText(JSON.stringify({ a: value, 'b"': value, 1: [value] }));
      const members = objectMembers(json);
      expect(members && JSON.parse(objectText(members).text)).toEqual(JSON.parse(json.text));
      expect(arrayItems(members?.[0]?.[1] ?? json)?.length).toBe(1);
      expect(objectMembers(new JsonText('[1]'))).toBeNull();
    }),
  );
});

test('stringifyJson writes texts as they are and the rest as JSON.stringify does', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(stringifyJson({ value, gone: undefined, at: new Date(0) })).toBe(
        JSON.stringify({ value, gone: undefined, at: new Date(0) }),
      );
    }),
  );
  expect(stringifyJson({ a: [new JsonText('1.10'), undefined], b: new JsonText('{"z":1}') })).toBe(
    '{"a":[1.10,null],"b":{"z":1}}',
  );
  expect(() => JSON.stringify(new JsonText('1'))).toThrow(TypeError);
});
