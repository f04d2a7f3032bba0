import { expect, test } from 'vitest';
import { proveCatalogue } from '../testing/catalogue.ts';
import { synapseFixtures } from './errors.fixtures.ts';
import { synapseRules, translate } from './errors.ts';
import { ServerError } from './server-error.ts';

proveCatalogue('Azure Synapse', synapseRules, synapseFixtures);

const settings = {
  name: 'Synapse',
  workspace: 'shop',
  database: 'pool',
  username: 'loader',
  password: 'a password',
  storageAccount: 'shop',
  sharedAccessSignature: 'sv=2025-01-05&sr=c&sig=c2VjcmV0IHNpZ25hdHVyZSBvZiAzMiBieXRlcyBsb25n%3D',
  container: 'stage',
};

test('the number of the server decides, whatever code the driver gave', () => {
  const thrown = Object.assign(new Error("Invalid object name 'dbo.x'."), { code: 'EREQUEST', number: 208 });
  expect(translate(thrown, 'load', settings)).toMatchObject({ code: 'NOT_FOUND_TABLE' });
  expect(translate(new ServerError({ number: 18456, message: 'Login failed.' }), 'check', settings).code).toBe(
    'AUTH_INVALID',
  );
});

test('of several errors for one statement the first is the cause', () => {
  const of = (number: number) => Object.assign(new Error(`error ${number}`), { code: 'EREQUEST', number });
  expect(translate(new AggregateError([of(4834), of(111_233)]), 'load', settings).code).toBe('PERMISSION_MISSING');
});

test('neither password nor signature is told, however it is written', () => {
  const signature = 'c2VjcmV0IHNpZ25hdHVyZSBvZiAzMiBieXRlcyBsb25n=';
  const words = `near 'a password' ${settings.sharedAccessSignature} ${signature}`;
  const { externalMessage, cause } = translate(new Error(words), 'load', settings);
  for (const told of [externalMessage, (cause as Error).message, (cause as Error).stack]) {
    expect(told).not.toMatch(/a password|c2VjcmV0/);
  }
});
