import { expect, test } from 'vitest';
import type { Connection } from '../contract/connection.ts';
import { connectionFacts } from './connection-text.ts';

const connection: Connection = {
  id: 'd',
  kind: 'synapse',
  name: 'North',
  enabled: true,
  settings: { workspace: 'north', sas: null },
  secretsSet: ['sas'],
  selection: { objects: ['events'], excludedIntegrations: [], metrics: null, history: 'all' },
  version: 1,
  connectedAt: '2026-11-01T00:00:00.000Z',
  lastSyncedAt: null,
  errorsLastDay: 0,
  credentialsExpireAt: null,
  warnings: [],
};

test('a connection whose credentials do not end says nothing of it, and no secret', () => {
  const text = connectionFacts(connection);
  expect(text).not.toMatch(/credentials|warning/i);
  expect(text).toMatch(/^ {2}sas +\(secret, set\)$/m);
});

test('the end of the credentials is a fact, and near it a warning with what to do', () => {
  const warning = { code: 'CREDENTIALS_EXPIRE_SOON', message: 'They end\u001b[2J soon.', advice: 'Enter new ones.' };
  const text = connectionFacts({
    ...connection,
    credentialsExpireAt: '2026-12-01T08:30:00.000Z',
    warnings: [warning],
  });
  expect(text).toMatch(/^Credentials end \(UTC\) +2026-12-01 08:30:00$/m);
  expect(text.endsWith('\nWarning: They end [2J soon.\nWhat to do: Enter new ones.\n')).toBe(true);
});
