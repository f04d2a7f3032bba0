/** What a browser is told with every page and file: the headers that keep other sites and other people's scripts out. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { createApp } from './app.ts';
import { webApp } from './web-app.ts';

let app: FastifyInstance;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wharf-pages-'));
  await copyFile(join(import.meta.dirname, '../../ui/index.html'), join(folder, 'index.html'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets/index-abc123.js'), 'export {};');
  app = await createApp({ log: createLogger('silent'), rest: async () => undefined, webApp: webApp(folder) });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const pages = ['/', '/sign-in', '/sign-in?next=//evil.example', '/set-up', '/invitation', '/a/abc123/syncing'];

function policyOf(header: unknown): Map<string, string> {
  const directives = String(header).split('; ');
  return new Map(directives.map((one) => [one.split(' ')[0] ?? '', one.split(' ').slice(1).join(' ')]));
}

test.each(pages)('%s runs our own scripts only, is framed by nobody and tells nobody where it was', async (url) => {
  const { headers, statusCode } = await app.inject(url);
  expect(statusCode).toBe(200);
  const policy = policyOf(headers['content-security-policy']);
  expect(policy.get('default-src')).toBe("'none'");
  expect(policy.get('script-src')).toBe("'self'");
  expect(policy.get('style-src')).toMatch(/^'self' 'nonce-[\w+/]{22}=='$/);
  expect(policy.get('connect-src')).toBe("'self'");
  for (const name of ['base-uri', 'frame-ancestors']) expect(policy.get(name)).toBe("'none'");
  expect(headers['content-security-policy']).not.toMatch(/unsafe|http|\*/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  });
});

test('each page has a number of its own for its styles, which stands in the page and nowhere else', async () => {
  const [one, two] = [await app.inject('/'), await app.inject('/')];
  const numberOf = ({ headers }: typeof one): string =>
    /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';
  expect(one.body).toContain(numberOf(one));
  expect(two.body).not.toContain(numberOf(one));
  expect(one.body).not.toContain('__NONCE__');
});

test('a page has no script and no style written into it, and nothing from another server', async () => {
  const { body } = await app.inject('/');
  expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|https?:\/\//i);
});

test('a script is sent as a script, and kept; what is not there is no page', async () => {
  const { headers } = await app.inject('/assets/index-abc123.js');
  expect(headers['content-type']).toMatch(/^(text|application)\/javascript/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': expect.stringContaining('immutable'),
  });
  const missing = await app.inject('/assets/index-other.js');
  expect([missing.statusCode, missing.headers['content-type']]).toEqual([404, expect.stringContaining('json')]);
});

test.each([
  '//evil.example',
  '/%5cevil.example',
  '/%2f%2fevil.example',
  '/..%2f..%2fpackage.json',
  '/sign-in//evil.example',
])('%s leads nowhere', async (url) => {
  const reply = await app.inject(url);
  expect(reply.statusCode).toBeGreaterThanOrEqual(400);
  expect(reply.headers.location).toBeUndefined();
});
