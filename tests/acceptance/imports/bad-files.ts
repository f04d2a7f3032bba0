/* A hundred files that are wrong in one way each, and what becomes of them. Documented in docs/imports.md. */
import { gzipSync, zstdCompressSync, brotliCompressSync } from 'node:zlib';

export interface BadFile {
  readonly name: string;
  readonly object: 'profiles' | 'events';
  readonly content: () => Buffer;
  readonly mayConsent?: boolean;
  readonly outcome: Outcome;
}

export type Outcome =
  /** Nothing is imported. */
  | { readonly failed: RegExp }
  /** Nothing is imported until somebody has looked. */
  | { readonly review: RegExp }
  /** These rows are skipped, all others are in. */
  | { readonly skipped: readonly SkippedRow[]; readonly imported: number }
  /** All rows are in; what is odd is harmless, or told of in a remark. */
  | { readonly imported: number; readonly remark?: RegExp };

export type SkippedRow = readonly [row: number, column: string, reason: RegExp];

const text = (content: string) => (): Buffer => Buffer.from(content);
const latin = (content: string) => (): Buffer => Buffer.from(content, 'latin1');
const bytes =
  (...parts: (string | number[] | Buffer)[]) =>
  (): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const profiles = (name: string, content: () => Buffer, outcome: Outcome, more: Partial<BadFile> = {}): BadFile => ({
  name,
  object: 'profiles',
  content,
  outcome,
  ...more,
});
const events = (name: string, content: () => Buffer, outcome: Outcome): BadFile => ({
  name,
  object: 'events',
  content,
  outcome,
});

const people = 'Email,FirstName\na@x.pl,Ann\nb@x.pl,Bob\n';
const utf16le = Buffer.from(people, 'utf16le');

const notCsv: readonly BadFile[] = [
  profiles('an empty file', text(''), { failed: /empty/ }),
  profiles('nothing but line breaks', text('\n\r\n\n'), { failed: /empty/ }),
  profiles('nothing but blanks', text('   \t  \n '), { failed: /empty/ }),
  profiles('nothing but NUL', bytes([0, 0, 0, 0, 0, 0]), { failed: /empty/ }),
  profiles('a byte order mark alone', bytes([0xef, 0xbb, 0xbf]), { failed: /empty/ }),
  profiles('a ZIP archive', bytes('PK\u0003\u0004', [20, 0, 0, 0]), { failed: /ZIP archive or an Excel workbook/ }),
  profiles('a zip bomb is never opened', bytes('PK\u0003\u0004', Buffer.alloc(200_000)), { failed: /ZIP archive/ }),
  profiles('an old Excel workbook', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), { failed: /old Excel workbook/ }),
  profiles('gzip', () => gzipSync(people), { failed: /compressed \(gzip\)/ }),
  profiles('Zstandard', () => zstdCompressSync(people), { failed: /compressed \(Zstandard\)/ }),
  profiles('Brotli', () => brotliCompressSync(Buffer.alloc(5_000, people)), { failed: /UTF-8/ }),
  profiles('bzip2', bytes('BZh91AY&SY', [1, 2, 3]), { failed: /bzip2/ }),
  profiles('xz', bytes([0xfd], '7zXZ', [0]), { failed: /xz/ }),
  profiles('7-Zip', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c]), { failed: /7-Zip/ }),
  profiles('Parquet', bytes('PAR1', [21, 4, 21, 9]), { failed: /Parquet/ }),
  profiles('ORC', bytes('ORC', [10, 3, 0]), { failed: /ORC/ }),
  profiles('Avro', bytes('Obj', [1, 4, 22]), { failed: /Avro/ }),
  profiles('a PDF', text('%PDF-1.7\n1 0 obj'), { failed: /PDF/ }),
  profiles('an HTML page', text('<!DOCTYPE html>\n<html><body>Sign in, please</body></html>'), { failed: /HTML/ }),
  profiles('an HTML page after blanks', text('\n  <HTML><head>'), { failed: /HTML/ }),
  profiles('XML', text('<?xml version="1.0"?><rows/>'), { failed: /XML/ }),
  profiles('a JSON object', text('{"email": "a@x.pl"}\n'), { failed: /JSON/ }),
  profiles('a JSON array', text('[{"email": "a@x.pl"}]'), { failed: /JSON/ }),
  profiles('random bytes', () => Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 197 + 131) % 251)), {
    failed: /UTF-8/,
  }),
];

const encodings: readonly BadFile[] = [
  profiles('UTF-16 LE with its mark', () => Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le]), {
    failed: /UTF-16 \(little endian\)/,
  }),
  profiles('UTF-16 BE with its mark', () => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16le).swap16()]), {
    failed: /UTF-16 \(big endian\)/,
  }),
  profiles('UTF-16 LE without a mark', () => utf16le, { failed: /UTF-16 \(little endian\)/ }),
  profiles('UTF-16 BE without a mark', () => Buffer.from(utf16le).swap16(), { failed: /UTF-16 \(big endian\)/ }),
  profiles('UTF-32', bytes([0xff, 0xfe, 0, 0, 0x45, 0, 0, 0]), { failed: /UTF-32/ }),
  profiles('Windows-1250', latin('Email,City\na@x.pl,\xa3\xf3d\xbc\nb@x.pl,\x8cwidnica i Za\xbf\xf3\xb3\xe6\n'), {
    failed: /Windows-1250/,
  }),
  profiles('Windows-1252', latin('Email,City\na@x.pl,M\xe1laga\nb@x.pl,Orl\xe9ans, \xe0 c\xf4t\xe9\n'), {
    failed: /Windows-1252/,
  }),
  profiles(
    'one cell that is not UTF-8, far down',
    bytes(people, 'x,\n'.repeat(0), `${'c@x.pl,'}`, [0xb9], '\nd@x.pl,Dan\n'),
    {
      failed: /UTF-8/,
    },
  ),
  profiles(
    'one cell that is not UTF-8, beyond what is looked at first',
    () =>
      Buffer.concat([
        Buffer.from('Email,FirstName\n'),
        ...Array.from({ length: 6_000 }, (_, i) => Buffer.from(`p${i}@x.pl,Name ${i}\n`)),
        Buffer.from('bad@x.pl,'),
        Buffer.from([0xb9]),
        Buffer.from('\nlast@x.pl,Last\n'),
      ]),
    { skipped: [[6_002, 'FirstName', /not UTF-8/]], imported: 6_001 },
  ),
  profiles('a byte order mark before the header', bytes([0xef, 0xbb, 0xbf], people), { imported: 2 }),
  profiles('a NUL in a cell', text('Email,FirstName\na@x.pl,A\0nn\nb@x.pl,Bob\n'), {
    skipped: [[2, 'FirstName', /NUL/]],
    imported: 1,
  }),
  profiles('a NUL in the header', text('Email,First\0Name\na@x.pl,Ann\n'), {
    failed: /Row 1, the header, column 2: .*NUL/,
  }),
];

const headers: readonly BadFile[] = [
  profiles('no header, but values', text('a@x.pl,Ann\nb@x.pl,Bob\n'), { failed: /holds a value: "a@x.pl"/ }),
  profiles('a date for a header', text('Email,2024-01-01\na@x.pl,1\n'), { failed: /holds a value/ }),
  profiles('a phone number for a header', text('+48123456789\n+48123456780\n'), { failed: /holds a value/ }),
  profiles('10,000 columns', text(`Email,${Array.from({ length: 9_999 }, (_, i) => `c${i}`).join(',')}\n`), {
    failed: /10000 columns; 1000 are possible/,
  }),
  profiles('a header without end', () => Buffer.alloc(2_000_000, 'x'), { failed: /does not end within 1024 KB/ }),
  profiles('a header with an open quote', text('"Email,FirstName\na@x.pl,Ann\n'), {
    failed: /Row 1, the header, column 1: .*not closed/,
  }),
  profiles('a header that occurs twice', text('Email,Size,Size\na@x.pl,1,2\n'), { review: /the same as column 2/ }),
  profiles('two headers of one field', text('Email,E-mail\na@x.pl,b@x.pl\n'), { review: /the same as column 1/ }),
  profiles('a column without a header', text('Email,\na@x.pl,value\n'), { review: /no header/ }),
  profiles('an empty column without a header', text('Email,\na@x.pl,\n'), { imported: 1 }),
  profiles('no column names anybody', text('FirstName,City\nAnn,Kraków\n'), { review: /No column names the person/ }),
  profiles('an id that may be any', text('id,Email\n17,a@x.pl\n'), { review: /id of another system/ }),
  profiles('a header and no rows', text('Email,FirstName\n'), { imported: 0, remark: /no rows/ }),
  profiles('a header without a line break', text('Email,FirstName'), { imported: 0, remark: /no rows/ }),
  profiles('two delimiters that fit alike', text('Email,a;b\na@x.pl,1;2\n'), { imported: 1 }),
  profiles('nested under a value', text('Email,a,a___b\na@x.pl,1,2\n'), { review: /Another column is mapped/ }),
  events('events without a time', text('Email,MetricName\na@x.pl,Paid\n'), { review: /time of the event/ }),
  events('events without a metric', text('Email,Timestamp\na@x.pl,2024-01-01\n'), { review: /MetricName/ }),
  events('events of nobody', text('MetricName,Timestamp\nPaid,2024-01-01\n'), { review: /names the person/ }),
];

const shapes: readonly BadFile[] = [
  profiles('a quote that is never closed', text('Email,FirstName\na@x.pl,"Ann\nb@x.pl,Bob\nc@x.pl,Cec\n'), {
    skipped: [[2, 'FirstName', /not closed before the end/]],
    imported: 2,
  }),
  profiles('an open quote before a quoted row', text('Email,FirstName\na@x.pl,"Ann\nb@x.pl,"Bob"\n'), {
    skipped: [[2, 'FirstName', /text after the closing quote/]],
    imported: 1,
  }),
  profiles(
    'an open quote in a file of megabytes',
    text(`Email,FirstName\na@x.pl,"Ann\n${'b@x.pl,Bob\n'.padEnd(1_500_000, '\n')}`),
    {
      skipped: [[2, 'FirstName', /not closed within 1024 KB/]],
      imported: 1,
    },
  ),
  profiles('quotes inside an unquoted cell', text('Email,FirstName\na@x.pl,5" Ann\n'), { imported: 1 }),
  profiles('text after a quoted cell', text('Email,FirstName\na@x.pl,"Ann" Lee\nb@x.pl,Bob\n'), {
    skipped: [[2, 'FirstName', /text after the closing quote/]],
    imported: 1,
  }),
  profiles('too many cells', text('Email,FirstName\na@x.pl,Ann,Lee\nb@x.pl,Bob\n'), {
    skipped: [[2, '', /3 cells, the header has 2/]],
    imported: 1,
  }),
  profiles('too few cells', text('Email,FirstName,City\na@x.pl,Ann\nb@x.pl,Bob,\n'), {
    skipped: [[2, '', /2 cells, the header has 3/]],
    imported: 1,
  }),
  profiles('too many cells, all empty', text('Email,FirstName\na@x.pl,Ann,,,\nb@x.pl,Bob\n'), { imported: 2 }),
  profiles('a comma in an unquoted cell', text('Email,City\na@x.pl,Kraków, Poland\nb@x.pl,Łódź\nc@x.pl,Gdynia\n'), {
    skipped: [[2, '', /3 cells/]],
    imported: 2,
  }),
  profiles('the file is cut in its last row', text('Email,FirstName,City\na@x.pl,Ann,Kraków\nb@x.pl,Bo'), {
    skipped: [[3, '', /ends in the middle of this row/]],
    imported: 1,
  }),
  profiles('the file may be cut in its last cell', text('Email,FirstName\na@x.pl,Ann\nb@x.pl,Bo'), {
    imported: 2,
    remark: /may be cut off/,
  }),
  profiles('the file is cut in quotes', text('Email,FirstName\na@x.pl,Ann\nb@x.pl,"Bo'), {
    skipped: [[3, 'FirstName', /not closed before the end/]],
    imported: 1,
  }),
  profiles('blank lines between rows', text('Email,FirstName\n\na@x.pl,Ann\n\n\nnowhere,Bob\n'), {
    skipped: [[6, 'Email', /not a valid e-mail/]],
    imported: 1,
  }),
  profiles('rows of empty cells, as spreadsheets leave them', text('Email,FirstName\na@x.pl,Ann\n,\n,\n'), {
    imported: 1,
  }),
  profiles(
    'a cell of 100 MB',
    () =>
      Buffer.concat([
        Buffer.from('Email,FirstName\na@x.pl,'),
        Buffer.alloc(100_000_000, 'x'),
        Buffer.from('\nb@x.pl,Bob\n'),
      ]),
    {
      skipped: [[2, 'FirstName', /larger than 1024 KB/]],
      imported: 1,
    },
  ),
  profiles('a quoted cell of 3 MB', text(`Email,FirstName\na@x.pl,"${'x'.repeat(3_000_000)}"\nb@x.pl,Bob\n`), {
    skipped: [[2, 'FirstName', /larger than 1024 KB/]],
    imported: 1,
  }),
  profiles('a million commas', text(`Email,FirstName\na@x.pl${','.repeat(1_000_000)}z\nb@x.pl,Bob\n`), {
    skipped: [[2, '', /cells, the header has 2/]],
    imported: 1,
  }),
  profiles('a profile of more than 100 KB', text(`Email,Note\na@x.pl,${'x'.repeat(150_000)}\nb@x.pl,short\n`), {
    skipped: [[2, '', /100 KB/]],
    imported: 1,
  }),
  profiles('carriage returns alone', text('Email,FirstName\ra@x.pl,Ann\rnowhere,Bob\r'), {
    skipped: [[3, 'Email', /not a valid e-mail/]],
    imported: 1,
  }),
  profiles('line breaks of both kinds', text('Email,FirstName\r\na@x.pl,Ann\nb@x.pl,Bob\r\n'), { imported: 2 }),
  profiles('semicolons', text('Email;FirstName\na@x.pl;Ann\nnowhere;Bob\n'), {
    skipped: [[3, 'Email', /not a valid e-mail/]],
    imported: 1,
  }),
  profiles('tabs', text('Email\tFirstName\na@x.pl\tAnn\n'), { imported: 1 }),
  profiles('vertical bars', text('Email|FirstName\na@x.pl|Ann\n'), { imported: 1 }),
  profiles('one column', text('Email\na@x.pl\nb@x.pl\n'), { imported: 2 }),
];

const event = (row: string): (() => Buffer) =>
  text(`Email,MetricName,Timestamp,Value,Currency,UniqueID\n${row}\nz@x.pl,Paid,2024-01-01,1,PLN,z\n`);
const bad = (row: string, column: string, reason: RegExp): BadFile =>
  events(`an event: ${row}`, event(row), { skipped: [[2, column, reason]], imported: 1 });

const cells: readonly BadFile[] = [
  profiles('a bad e-mail address', text('Email\na@x.pl\na(b)@x.pl\n'), {
    skipped: [[3, 'Email', /e-mail/]],
    imported: 1,
  }),
  profiles('a blank in an address', text('Email\nb@x.pl\na b@x.pl\n'), {
    skipped: [[3, 'Email', /e-mail/]],
    imported: 1,
  }),
  profiles('a phone number without its country', text('PhoneNumber\n+48123456789\n123 456 789\n'), {
    skipped: [[3, 'PhoneNumber', /E\.164/]],
    imported: 1,
  }),
  profiles('a bad phone number beside a good address', text('Email,Phone\na@x.pl,12\nb@x.pl,+48123456789\n'), {
    skipped: [[2, 'Phone', /E\.164/]],
    imported: 1,
  }),
  profiles('rows that name nobody', text('Email,FirstName\n,Ann\nb@x.pl,Bob\n'), {
    skipped: [[2, '', /names no person/]],
    imported: 1,
  }),
  profiles('the same address three times', text('Email,FirstName\na@x.pl,1\nA@X.PL,2\n a@x.pl ,3\n'), {
    skipped: [
      [3, 'Email', /earlier row/],
      [4, 'Email', /earlier row/],
    ],
    imported: 1,
  }),
  profiles('the same person by two identifiers', text('Email,ExternalID\na@x.pl,1\nb@x.pl,1\n'), {
    skipped: [[3, 'ExternalID', /earlier row/]],
    imported: 1,
  }),
  profiles('an external id of 300 characters', text(`ExternalID\n${'7x'.repeat(150)}\nb\n`), {
    skipped: [[2, 'ExternalID', /255 characters/]],
    imported: 1,
  }),
  profiles('an unknown profile id', text('ProfileID,FirstName\n01JZZZZZZZZZZZZZZZZZZZZZZZ,Ann\n'), {
    skipped: [[2, 'ProfileID', /no profile/i]],
    imported: 0,
  }),
  profiles('a latitude in degrees', text('Email,Latitude\na@x.pl,52° N\nb@x.pl,52\n'), {
    skipped: [[2, 'Latitude', /not a number/]],
    imported: 1,
  }),
  profiles('a consent that is none', text('Email,Email Marketing Consent\na@x.pl,maybe\nb@x.pl,Subscribed\n'), {
    skipped: [[2, 'Email Marketing Consent', /not Subscribed, Unsubscribed or Never Subscribed/]],
    imported: 1,
  }),
  profiles(
    'consent without the right to it',
    text('Email,SMS Marketing Consent\na@x.pl,Subscribed\nb@x.pl,\n'),
    { skipped: [[2, 'SMS Marketing Consent', /may not change consent/]], imported: 1 },
    { mayConsent: false },
  ),
  profiles(
    'a consent time with the day first',
    text('Email,Email Marketing Consent,Email Marketing Consent Timestamp\na@x.pl,Subscribed,31-12-2024\n'),
    { skipped: [[2, 'Email Marketing Consent Timestamp', /begins with the day/]], imported: 0 },
  ),
  profiles('properties that are no object', text('Email,Properties\na@x.pl,"[1]"\nb@x.pl,{}\n'), {
    skipped: [[2, 'Properties', /not a JSON object/]],
    imported: 1,
  }),
  profiles('properties that are no JSON', text('Email,Properties\na@x.pl,{a: 1}\n'), {
    skipped: [[2, 'Properties', /not valid JSON/]],
    imported: 0,
  }),
  profiles(
    'nearly all numbers',
    text(`Email,Points\n${Array.from({ length: 39 }, (_, i) => `p${i}@x.pl,${i}\n`).join('')}q@x.pl,n/a\n`),
    { review: /type number, 1 of the sample are not/ },
  ),
  profiles('dates with the day first', text('Email,Born\na@x.pl,31-12-1990\n'), { review: /YYYY-MM-DD/ }),
  bad('a@x.pl,Paid,31-12-2024,1,PLN,a', 'Timestamp', /begins with the day/),
  bad('a@x.pl,Paid,31/12/2024,1,PLN,a', 'Timestamp', /exist|month/),
  bad('a@x.pl,Paid,2024-02-30,1,PLN,a', 'Timestamp', /exist/),
  bad('a@x.pl,Paid,yesterday,1,PLN,a', 'Timestamp', /not a date/),
  bad('a@x.pl,Paid,1704067200000,1,PLN,a', 'Timestamp', /milliseconds/),
  bad('a@x.pl,Paid,,1,PLN,a', 'Timestamp', /empty/),
  bad('a@x.pl,Paid,1850-01-01,1,PLN,a', 'Timestamp', /1990/),
  bad('a@x.pl,Paid,2999-01-01,1,PLN,a', 'Timestamp', /one year from now/),
  bad('a@x.pl,Paid,2024-01-01,$12.50,PLN,a', 'Value', /without currency signs/),
  bad('a@x.pl,Paid,2024-01-01,"12,50",PLN,a', 'Value', /without currency signs, blanks or commas/),
  bad('a@x.pl,Paid,2024-01-01,1,zloty,a', 'Currency', /ISO 4217/),
  bad('a@x.pl,,2024-01-01,1,PLN,a', 'MetricName', /empty/),
  bad(`a@x.pl,${'m'.repeat(200)},2024-01-01,1,PLN,a`, 'MetricName', /127 characters/),
  bad(`a@x.pl,Paid,2024-01-01,1,PLN,${'u'.repeat(300)}`, 'UniqueID', /255 characters/),
  bad(',Paid,2024-01-01,1,PLN,a', '', /names no person/),
  bad('a,Paid,2024-01-01,1,PLN,a', 'Email', /e-mail/),
];

export const badFiles: readonly BadFile[] = [...notCsv, ...encodings, ...headers, ...shapes, ...cells];
