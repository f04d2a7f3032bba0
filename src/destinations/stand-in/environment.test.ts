import { expect, test } from 'vitest';
import { readConfig } from '../../config.ts';
import { environmentOf } from './environment.ts';

test('a service that reads the environment of a stand-in has its endpoints', () => {
  const endpoints = {
    snowflake: 'http://127.0.0.1:1',
    bigquery: 'http://127.0.0.1:2',
    synapse: 'tds://127.0.0.1:3',
    synapseBlob: 'http://127.0.0.1:4',
  };
  const config = readConfig(environmentOf({ endpoints }));
  expect({
    snowflake: config.WHARF_SNOWFLAKE_ENDPOINT,
    bigquery: config.WHARF_BIGQUERY_ENDPOINT,
    synapse: config.WHARF_SYNAPSE_ENDPOINT,
    synapseBlob: config.WHARF_SYNAPSE_BLOB_ENDPOINT,
  }).toEqual(endpoints);
});

test('what has no endpoint needs no environment', () => {
  expect(environmentOf({})).toEqual({});
  expect(environmentOf({ endpoints: { snowflake: undefined } })).toEqual({});
});
