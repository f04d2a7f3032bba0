import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { sealDestination } from '../seal.ts';
import { isInFolder } from './allowed-folder.ts';
import { createDuckdb } from './duckdb.ts';

let root: string;
let folder: string;
let outside: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'wharf-folder-'));
  folder = join(root, 'warehouses');
  outside = join(root, 'outside');
  await mkdir(join(folder, 'shop'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, 'theirs.db'), '');
  await symlink(outside, join(folder, 'away'));
  await symlink(join(outside, 'theirs.db'), join(folder, 'link.db'));
  await symlink(join(outside, 'not-yet.db'), join(folder, 'dangling.db'));
  await symlink(join(folder, 'shop'), join(root, 'alias'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

test('files in the folder and below it are allowed, also those that do not exist yet', () => {
  expect(isInFolder(join(folder, 'a.duckdb'), folder)).toBe(true);
  expect(isInFolder(join(folder, 'shop', '..a.db'), folder)).toBe(true);
  expect(isInFolder(join(folder, 'shop', '..', 'b.db'), `${folder}/`)).toBe(true);
});

test('the operator may name the folder by a link', () => {
  expect(isInFolder(join(root, 'alias', 'a.db'), join(root, 'alias'))).toBe(true);
});

test('nothing outside is allowed, by whatever way it is named', () => {
  const ways = ['../outside/theirs.db', 'away/theirs.db', 'link.db', 'dangling.db', 'shop/../../outside/theirs.db'];
  for (const way of ways) expect([way, isInFolder(`${folder}/${way}`, folder)]).toEqual([way, false]);
  expect(isInFolder(`${folder}-2/a.db`, folder)).toBe(false);
  expect(isInFolder('/etc/a.db', folder)).toBe(false);
  expect(isInFolder(folder, folder)).toBe(false);
  expect(isInFolder(join(folder, 'missing', 'a.db'), folder)).toBe(false);
});

test('the destination refuses such a path whenever its settings are read', async () => {
  const limited = sealDestination(createDuckdb({ folder }));
  const settings = { name: 'local', path: join(folder, 'link.db') };
  const refusal = { code: 'SETTINGS_INVALID', details: { problems: [{ field: 'path' }] } };
  expect(limited.spec.settings.safeParse(settings).success).toBe(false);
  const context = { log: createLogger('silent'), tempDir: root };
  await expect(limited.open(settings, context)).rejects.toMatchObject(refusal);
  expect(limited.spec.fields.find((field) => field.name === 'path')?.help).toContain(folder);
  await using session = await sealDestination(createDuckdb()).open(settings, context);
  expect(session).toBeDefined();
});
