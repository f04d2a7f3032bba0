import { expect, test } from 'vitest';
import { serverOf } from './connection.ts';
import type { SynapseSettings } from './spec.ts';

const settings = { workspace: 'shop' } as SynapseSettings;

test('the workspace has its server at Azure, and its certificate is verified', () => {
  expect(serverOf(settings, undefined)).toEqual({ host: 'shop.sql.azuresynapse.net', port: 1433, local: false });
});

test('only on this machine a certificate may be one that nobody signed', () => {
  expect(serverOf(settings, 'tds://127.0.0.1:4711')).toEqual({ host: '127.0.0.1', port: 4711, local: true });
  expect(serverOf(settings, 'tds://localhost:4711').local).toBe(true);
  for (const far of ['tds://127.0.0.1.example.com:1433', 'tds://10.0.0.1:1433', 'tds://localhost.example.com:1433']) {
    expect(serverOf(settings, far).local).toBe(false);
  }
});
