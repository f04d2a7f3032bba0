import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { proveCatalogue } from '../testing/catalogue.ts';
import { answeredWith, refusedWith, snowflakeFixtures } from './errors.fixtures.ts';
import { readable, snowflakeRules, translate } from './errors.ts';
import type { SnowflakeSettings } from './spec.ts';

proveCatalogue('Snowflake', snowflakeRules, snowflakeFixtures(readable));

const settings: SnowflakeSettings = {
  name: 'Snowflake',
  username: 'WHARF',
  privateKey: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
  warehouse: 'LOADING',
  account: 'shop-main',
  database: 'SHOP',
  schema: 'CRM',
};

describe('translate', () => {
  test('names the object, and keeps the words and the query id of Snowflake', () => {
    const error = translate(
      answeredWith(
        '002003',
        "SQL compilation error:\nObject 'SHOP.CRM.KLAVIYO_EVENT' does not exist or not authorized.",
      ),
      'load',
      settings,
    );
    expect(error).toMatchObject({
      code: 'NOT_FOUND_TABLE',
      summary: 'The table SHOP.CRM.KLAVIYO_EVENT is missing, or the user cannot see it.',
      externalMessage: expect.stringContaining('does not exist or not authorized'),
      details: { requestId: '01b2c3d4-0000-1111-2222-333344445555' },
    });
    expect(translate(refusedWith(404), 'check', settings).summary).toContain('shop-main');
  });

  test.each([
    ['100071', 'Failed to cast variant value "a very private name" to TIMESTAMP_TZ'],
    ['100069', "Error parsing JSON: a very private name, pos 15\n  File '@~/wharf/part-0.gz', line 2, character 15"],
    ['100038', "Numeric value 'a very private name' is not recognized"],
    ['100078', "String 'it''s a very private name' is too long and would be truncated"],
  ])('leaves the values of rows out of %s', (code, message) => {
    const error = translate(answeredWith(code, message), 'load', settings);
    expect(`${error.externalMessage} ${String(error.cause)} ${(error.cause as Error).stack}`).not.toContain('private');
  });

  test('keeps the place of an unreadable row', () => {
    const message = "Error parsing JSON: secret\n  File '@~/wharf/part-0.gz', line 2, character 15";
    expect(translate(answeredWith('100069', message), 'load', settings).externalMessage).toContain(
      "File '@~/wharf/part-0.gz', line 2, character 15",
    );
  });

  test('keeps the private key out, whole or by lines', () => {
    const [, line = ''] = settings.privateKey.split('\n');
    const error = translate(new Error(`bad key ${settings.privateKey} and ${line}`), 'open', settings);
    expect(`${error.externalMessage} ${String(error.cause)} ${(error.cause as Error).stack}`).not.toContain(line);
  });
});
