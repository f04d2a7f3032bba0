import { describe, expect, test } from 'vitest';
import { proveCatalogue } from '../testing/catalogue.ts';
import { redshiftFixtures } from './errors.fixtures.ts';
import { redshiftRules, translate } from './errors.ts';
import { spec } from './spec.ts';

proveCatalogue('Amazon Redshift', redshiftRules, redshiftFixtures);

const settings = spec.settings.parse({
  name: 'Redshift',
  host: 'cluster.example.com',
  database: 'dev',
  schema: 'klaviyo',
  username: 'wharf_sync',
  password: 'a-very-secret-password',
});

describe('translate', () => {
  test('reads the detail, where Redshift says what matters', () => {
    const thrown = Object.assign(new Error('1023'), {
      code: 'XX000',
      detail: 'Serializable isolation violation on table',
    });
    expect(translate(thrown, 'load', settings)).toMatchObject({
      code: 'CONCURRENCY',
      externalMessage: '1023\nSerializable isolation violation on table',
    });
  });

  test('names row and column of a value that is too large', () => {
    const thrown = new Error('Invalid Input Error: value too large: column=title bytes=70000 limit=65535 row=01JA');
    expect(translate(thrown, 'load', settings)).toMatchObject({
      code: 'DATA_TOO_LARGE',
      summary: 'Row 01JA: column title has a value of 70000 bytes; Redshift takes 65535.',
    });
  });

  test('keeps password and keys out', () => {
    const staged = { ...settings, stagingSecretAccessKey: 'a-very-secret-key' };
    const thrown = Object.assign(new Error('bad a-very-secret-password'), { detail: 'and a-very-secret-key' });
    const error = translate(thrown, 'load', staged);
    expect(`${error.externalMessage} ${String(error.cause)} ${(error.cause as Error).stack}`).not.toContain(
      'very-secret',
    );
  });
});
