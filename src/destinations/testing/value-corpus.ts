/** Values that have broken syncs elsewhere. Each must come back from every warehouse byte for byte. */

/** JSON texts without insignificant whitespace, as the store keeps them. */
export const jsonTexts: readonly string[] = [
  '{}',
  '[]',
  'null',
  '"text"',
  'true',
  '12.50',
  '{"b":1,"a":2,"B":3}',
  '{"$value":19.90,"$currency_code":"PLN","$event_id":"1"}',
  '{"i64":9223372036854775807,"min":-9223372036854775808,"beyond":9007199254740993,"wide":123456789012345678901234567890}',
  '{"dec":67.17411800000001234567890,"trailing":1.10,"zero":0.0,"negative":-0,"exp":1e400,"small":5e-324,"E":1E+2}',
  '{"escaped":"\\u0041\\/\\u00e9\\n\\t\\"\\\\","pair":"\\ud83d\\ude00","separators":"\u2028\u2029"}',
  '{"polish":"Zażółć gęślą jaźń","emoji":"👩‍👩‍👧","rtl":"שלום","combining":"e\u0301","replacement":"\ufffd"}',
  '{"not nul":"\\\\u0000","percent":"%s %d","quotes":"\'\'\\"$$;--","tabs":"\\t|\\u0001\\u0002"}',
  '{"":"empty key","a.b":1,"id":"inner","_deleted":true,"_change_number":99,"dup":1,"dup":2}',
  `{"deep":${'['.repeat(100)}${']'.repeat(100)}}`,
  `{"long":"${'x'.repeat(70_000)}"}`,
];

export const texts: readonly (string | null)[] = [
  null,
  '',
  ' ',
  'null',
  'NULL',
  '\\N',
  'a,b;"c"\'d\'',
  'line\nbreak\r\ntab\t',
  'Zażółć gęślą jaźń',
  '👩‍👩‍👧 e\u0301',
  '\u2028\u2029\u200b\ufeff',
  "Robert'); DROP TABLE klaviyo_profile;--",
  '\\u0041 \\ud800 {"a":1}',
  'x'.repeat(70_000),
];

/** As staged, and as read back. */
export const times: readonly (readonly [staged: string | null, read: string | null])[] = [
  [null, null],
  ['1970-01-01T00:00:00+00:00', '1970-01-01T00:00:00.000000Z'],
  ['2024-02-29T23:59:59.999999+00:00', '2024-02-29T23:59:59.999999Z'],
  ['2024-01-02T03:04:05.120Z', '2024-01-02T03:04:05.120000Z'],
  ['2024-03-31T02:30:00+02:00', '2024-03-31T00:30:00.000000Z'],
  ['2026-10-25T01:30:00.000001-05:30', '2026-10-25T07:00:00.000001Z'],
  ['0001-01-01T00:00:00+00:00', '0001-01-01T00:00:00.000000Z'],
  ['9999-12-31T23:59:59.999999+00:00', '9999-12-31T23:59:59.999999Z'],
];

export const integers: readonly bigint[] = [0n, -1n, 9007199254740993n, 9223372036854775807n, -9223372036854775808n];
