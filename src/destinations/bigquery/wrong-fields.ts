/** What a person can get wrong when connecting BigQuery, and what Wharf says to it. */
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';
import type { TestDouble } from './testing/test-double.ts';

export interface BigqueryBench extends WrongFieldBench, AsyncDisposable {
  readonly double: TestDouble;
  readonly settings: {
    readonly name: string;
    readonly projectId: string;
    readonly dataset: string;
    readonly serviceAccountKey: string;
  };
  /** The service account's address. */
  readonly email: string;
  /** Where the destination looks for Google from now on. */
  setEndpoint(url: string): void;
  /** Runs a statement on a table of the dataset; `$` stands for its path. */
  alter(table: string, statement: string): Promise<void>;
}

type Case = WrongField<BigqueryBench>;

/** The key file with members changed, or without those set to undefined. */
function withKey({ settings }: BigqueryBench, change: Record<string, unknown>): Record<string, unknown> {
  const file = { ...(JSON.parse(settings.serviceAccountKey) as object), ...change };
  return { ...settings, serviceAccountKey: JSON.stringify(file) };
}

function badKey(wrong: string, change: Record<string, unknown>, says: RegExp): Case {
  return { wrong, settings: (bench) => withKey(bench, change), code: 'SETTINGS_INVALID', step: 'form', says };
}

function badText(wrong: string, field: string, text: string, says: RegExp): Case {
  return {
    wrong,
    settings: ({ settings }) => ({ ...settings, [field]: text }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says,
  };
}

const malformed: readonly Case[] = [
  badText('no project id', 'projectId', '', /projectId: Enter the project id/),
  badText("the project's number instead of its id", 'projectId', '123456789012', /number of the project/),
  badText('a project id in capitals', 'projectId', 'My-Shop', /lower-case/),
  badText('a dataset with its project', 'dataset', 'my-shop-123456.klaviyo', /dataset: Enter the dataset alone/),
  badText('a dataset with a hyphen', 'dataset', 'klaviyo-data', /letters, digits and underscores/),
  badText('no key', 'serviceAccountKey', '', /serviceAccountKey: Paste the key file/),
  badText(
    'a key cut off in the middle',
    'serviceAccountKey',
    '{"type": "service_account", "project_',
    /not a key file in JSON/,
  ),
  badText(
    'the private key alone',
    'serviceAccountKey',
    '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
    /private key alone.*whole key file/,
  ),
  badText('a JSON list', 'serviceAccountKey', '[]', /not a key file in JSON/),
  badText('an OAuth client of an app', 'serviceAccountKey', '{"installed":{"client_id":"x"}}', /OAuth client/),
  badText('an OAuth client of a web site', 'serviceAccountKey', '{"web":{"client_id":"x"}}', /OAuth client/),
  badKey("a person's credentials", { type: 'authorized_user' }, /credentials of a person/),
  badKey('workload identity federation', { type: 'external_account' }, /workload identity federation/),
  badKey('workforce identity federation', { type: 'external_account_authorized_user' }, /workforce identity/),
  badKey('impersonation', { type: 'impersonated_service_account' }, /impersonate/),
  badKey('another type of key', { type: 'gdch_service_account' }, /must be of the type "service_account"/),
  badKey('a key without e-mail', { client_email: undefined }, /client_email/),
  badKey('a key with the e-mail of a person', { client_email: 'ada@example.com' }, /client_email/),
  badKey('a key without project', { project_id: undefined }, /project_id/),
  badKey(
    'a private key that does not parse',
    { private_key: '-----BEGIN PRIVATE KEY-----\nAAAA\n' },
    /private_key.*unchanged/,
  ),
  badKey(
    'a token service elsewhere',
    { token_uri: 'https://evil.example/token' },
    /token service that is not Google's/,
  ),
  badKey('a token service inside the network', { token_uri: 'http://169.254.169.254/token' }, /token_uri/),
  badKey('another cloud', { universe_domain: 'cloud.example' }, /universe_domain/),
];

const elsewhere: readonly Case[] = [
  {
    wrong: 'the network closed',
    settings: ({ settings, setEndpoint }) => {
      setEndpoint('http://127.0.0.1:9');
      return settings;
    },
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /refused the connection/,
  },
  {
    wrong: 'a host that does not resolve',
    settings: ({ settings, setEndpoint }) => {
      setEndpoint('http://bigquery.invalid');
      return settings;
    },
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /could not be resolved/,
  },
  {
    wrong: 'a project that does not exist',
    settings: ({ settings }) => ({ ...settings, projectId: 'no-such-project' }),
    code: 'NOT_FOUND_DATABASE',
    step: 'dataset',
    says: /project does not exist.*Check the project id/,
  },
  {
    wrong: "somebody else's project",
    settings: async ({ settings, double }) => ({ ...settings, projectId: (await double.createWarehouse()).projectId }),
    code: 'PERMISSION_MISSING',
    step: 'dataset',
    says: /lacks a permission.*Data Editor/,
  },
  {
    wrong: 'a dataset that does not exist',
    settings: ({ settings }) => ({ ...settings, dataset: 'klavijo' }),
    code: 'NOT_FOUND_SCHEMA',
    step: 'dataset',
    says: /dataset does not exist.*set-up script/,
  },
];

const account: readonly Case[] = [
  {
    wrong: 'a key that was deleted',
    settings: ({ settings, double, email }) => {
      double.cloud.accounts.get(email)?.publicKeys.clear();
      return settings;
    },
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /key: it was deleted.*Make a new key/,
  },
  {
    wrong: 'a service account that was deleted',
    settings: ({ settings, double, email }) => {
      double.cloud.accounts.delete(email);
      return settings;
    },
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /does not exist any more.*set-up script/,
  },
  {
    wrong: 'a clock that is an hour behind',
    settings: ({ settings, double }) => {
      double.cloud.clockOffsetMs = 3_700_000;
      return settings;
    },
    code: 'CLOCK_SKEW',
    step: 'sign-in',
    says: /clock is wrong.*NTP/,
  },
  {
    wrong: 'a clock that is a minute behind',
    settings: ({ settings, double }) => {
      double.cloud.clockOffsetMs = 60_000;
      return settings;
    },
    code: 'CLOCK_SKEW',
    step: 'clock',
    says: /differs by (59|60) s.*NTP/,
  },
  {
    wrong: 'the role BigQuery Job User missing',
    settings: ({ settings, double, email }) => {
      double.cloud.projects.get(settings.projectId)?.jobUsers.delete(email);
      return settings;
    },
    code: 'PERMISSION_MISSING',
    step: 'jobs',
    says: /BigQuery Job User on the project/,
  },
  {
    wrong: 'the role BigQuery Data Editor missing',
    settings: ({ settings, double, email }) => {
      double.cloud.dataset(settings.projectId, settings.dataset).editors.delete(email);
      return settings;
    },
    code: 'PERMISSION_MISSING',
    step: 'dataset',
    says: /BigQuery Data Editor on the dataset/,
  },
  {
    wrong: 'no billing',
    settings: ({ settings, double }) => {
      const project = double.cloud.projects.get(settings.projectId);
      if (project) project.billing = false;
      return settings;
    },
    code: 'BILLING',
    step: 'probe',
    says: /no billing.*billing account/,
  },
  {
    wrong: 'the API switched off',
    settings: ({ settings, double }) => {
      const project = double.cloud.projects.get(settings.projectId);
      if (project) project.apiEnabled = false;
      return settings;
    },
    code: 'PERMISSION_MISSING',
    step: 'dataset',
    says: /API is switched off.*gcloud services enable/,
  },
];

const tables: readonly Case[] = [
  {
    wrong: 'a table missing',
    settings: async ({ settings, alter }) => {
      await alter('klaviyo_event', 'DROP TABLE $');
      return settings;
    },
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /klaviyo_event is missing.*CREATE TABLE IF NOT EXISTS.*PARTITION BY/,
  },
  {
    wrong: "one of Wharf's own tables missing",
    settings: async ({ settings, alter }) => {
      await alter('_wharf_lock', 'DROP TABLE $');
      return settings;
    },
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /_wharf_lock is missing.*set-up script/,
  },
  {
    wrong: 'a column missing',
    settings: async ({ settings, alter }) => {
      await alter('klaviyo_profile', 'ALTER TABLE $ DROP COLUMN subscriptions');
      return settings;
    },
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /no column subscriptions.*ADD COLUMN IF NOT EXISTS `subscriptions` JSON/,
  },
  {
    wrong: 'a column of another type',
    settings: async ({ settings, alter }) => {
      await alter('klaviyo_metric', 'ALTER TABLE $ DROP COLUMN created');
      await alter('klaviyo_metric', 'ALTER TABLE $ ADD COLUMN created STRING');
      return settings;
    },
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /created is STRING, not TIMESTAMP.*ALTER TABLE/,
  },
];

export const bigqueryWrongFields: readonly Case[] = [...malformed, ...elsewhere, ...account, ...tables];
