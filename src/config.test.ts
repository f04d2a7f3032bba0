import { expect, test } from 'vitest';
import { ConfigError, readConfig, settingsMarkdown } from './config.ts';

test('defaults need no environment at all', () => {
  const config = readConfig({});
  expect(config.WHARF_PORT).toBe(8480);
  expect(config.WHARF_ROLES).toEqual(['api', 'worker', 'sftp']);
  expect(config.WHARF_DATA.startsWith('/')).toBe(true);
});

test('all problems are reported together, by name', () => {
  const read = () =>
    readConfig({ WHARF_PORT: 'x', DATABASE_URL: 'mysql://h/d', WHARF_PROT: '1', WHARF_ROLES: 'api,cook' });
  expect(read).toThrow(ConfigError);
  for (const name of ['WHARF_PORT', 'DATABASE_URL', 'WHARF_PROT: there is no such setting', 'WHARF_ROLES'])
    expect(read).toThrow(name);
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ DATABASE_URL: '' }).DATABASE_URL).toBeUndefined();
});

test('every setting is documented', () => {
  const page = settingsMarkdown();
  expect(page).toContain('| `WHARF_PORT` | `8480` |');
  expect(page).not.toContain('undefined');
});
