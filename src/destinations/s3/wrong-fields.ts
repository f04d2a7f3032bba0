/** What a person can get wrong with a bucket, and what they are told. A wrong key needs a store that checks keys: `strict.io.test.ts`. */
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';
import type { S3Settings } from './spec.ts';

/** A bucket of a store on this machine in which everything is right. */
export interface S3Bench extends WrongFieldBench, AsyncDisposable {
  readonly settings: S3Settings;
  /** Base URL of a port at which nobody listens. */
  readonly deadEndpoint: string;
}

/** One field has another value; everything else is right. */
function field(change: Partial<Record<keyof S3Settings, string>>) {
  return ({ settings }: S3Bench): Record<string, unknown> => ({ ...settings, ...change });
}

export const wrongFields: readonly WrongField<S3Bench>[] = [
  {
    wrong: 'a bucket written as a URL',
    settings: field({ bucket: 's3://lake/crm' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^bucket: A bucket name has 3 to 63 lower-case letters, digits, dots and hyphens\./,
  },
  {
    wrong: 'a region by its name',
    settings: field({ region: 'Frankfurt (EU)' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^region: A region looks like eu-central-1\./,
  },
  {
    wrong: 'no secret access key',
    settings: field({ secretAccessKey: '' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^secretAccessKey: Enter the secret access key\./,
  },
  {
    wrong: 'an access key id with blanks',
    settings: field({ accessKeyId: 'AKIA WHARF' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^accessKeyId: An access key id has letters and digits only\./,
  },
  {
    wrong: 'a prefix with an empty folder in it',
    settings: field({ prefix: 'crm//wharf' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^prefix: Use letters, digits, - _ \. = and single slashes\./,
  },
  {
    wrong: 'a format that is none',
    settings: field({ format: 'csv' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^format: .*jsonl.*parquet/,
  },
  {
    wrong: 'an endpoint without http',
    settings: field({ endpoint: 'storage.example.com' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /^endpoint: Enter a URL, for example https:/,
  },
  {
    wrong: 'a bucket that does not exist',
    settings: field({ bucket: 'no-such-bucket' }),
    code: 'NOT_FOUND_BUCKET',
    step: 'bucket',
    says: /The bucket or container does not exist.*Check the bucket name and region/,
  },
  {
    wrong: 'an endpoint at which nobody listens',
    settings: ({ settings, deadEndpoint }) => ({ ...settings, endpoint: deadEndpoint }),
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /The host refused the connection\. Check host and port/,
  },
  {
    wrong: 'an endpoint whose host does not exist',
    settings: field({ endpoint: 'http://storage.invalid' }),
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /The host name could not be resolved\. Check the host name/,
  },
  {
    wrong: 'https where the store speaks http',
    settings: ({ settings }) => ({ ...settings, endpoint: settings.endpoint?.replace('http:', 'https:') }),
    code: 'SETTINGS_INVALID',
    step: 'reach',
    says: /TLS|https|certificate/i,
  },
];
