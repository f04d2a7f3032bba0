import { expect, test } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

const publicUrl = 'https://wharf.example';

test.each([
  ['our page, reached by its public address', { origin: 'https://wharf.example', host: 'inside:8480' }, true],
  ['our page, reached directly', { origin: 'http://127.0.0.1:8480', host: '127.0.0.1:8480' }, true],
  ['our page, as a newer browser says it', { origin: publicUrl, 'sec-fetch-site': 'same-origin' }, true],
  ['the http twin of our https address', { origin: 'http://wharf.example', host: 'wharf.example' }, false],
  ['another port of our host', { origin: 'https://wharf.example:8443', host: 'wharf.example' }, false],
  ['a subdomain', { origin: 'https://evil.wharf.example', host: 'wharf.example' }, false],
  ['our name in front of theirs', { origin: 'https://wharf.example.evil.example', host: 'wharf.example' }, false],
  ['a sandboxed frame or a file', { origin: 'null', host: 'wharf.example' }, false],
  ['no origin', { host: 'wharf.example' }, false],
  ['no origin that can be read', { origin: 'wharf.example', host: 'wharf.example' }, false],
  ['another site, by the word of the browser', { origin: publicUrl, 'sec-fetch-site': 'cross-site' }, false],
  ['a sibling, by the word of the browser', { origin: publicUrl, 'sec-fetch-site': 'same-site' }, false],
])('%s', (_, headers, expected) => {
  expect(isSameOrigin(headers, publicUrl)).toBe(expected);
});
