/** What a person can get wrong when connecting Azure Synapse, and what they are told. */
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';
import type { SasOptions } from './double/blob-store.ts';
import type { SynapseEndpoints } from './synapse.ts';

export interface SynapseBench extends WrongFieldBench, AsyncDisposable {
  /** In which everything is right. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the destination looks for pool and store; may be changed. */
  endpoints: SynapseEndpoints;
  /** T-SQL as the administrator of the pool. */
  administer(sql: string): Promise<void>;
  pause(): void;
  closeFirewall(): void;
  /** A shared access signature of the container. */
  sas(options: SasOptions): string;
  /** A port of this machine on which nobody listens. */
  closedPort(): Promise<number>;
}

type Case = WrongField<SynapseBench>;

const from = (change: Record<string, unknown>) => (bench: SynapseBench) => ({ ...bench.settings, ...change });
const after = (sql: string) => async (bench: SynapseBench) => {
  await bench.administer(sql);
  return bench.settings;
};
const withSas = (options: SasOptions) => (bench: SynapseBench) => ({
  ...bench.settings,
  sharedAccessSignature: bench.sas(options),
});
const sasChanged = (change: (sas: string) => string) => (bench: SynapseBench) => ({
  ...bench.settings,
  sharedAccessSignature: change(String(bench.settings['sharedAccessSignature'])),
});

const form: readonly Case[] = [
  {
    wrong: 'the endpoint of the serverless pool',
    settings: from({ workspace: 'shop-ondemand.sql.azuresynapse.net' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /workspace: .*serverless/,
  },
  {
    wrong: 'the address of Synapse Studio instead of the workspace',
    settings: from({ workspace: 'https://web.azuresynapse.net/en/home?workspace=shop' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /workspace: .*name of the workspace only/,
  },
  {
    wrong: 'the storage account with its domain',
    settings: from({ storageAccount: 'shop.blob.core.windows.net' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /storageAccount: .*without \.blob\.core\.windows\.net/,
  },
  {
    wrong: 'something else instead of the signature',
    settings: from({ sharedAccessSignature: 'DefaultEndpointsProtocol=https;AccountName=shop' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /sharedAccessSignature: .*whole shared access signature/,
  },
  {
    wrong: 'a signature cut off when it was pasted',
    settings: sasChanged((sas) => sas.replace(/sig=.*$/, 'sig=abc')),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /\(sig=\) is incomplete/,
  },
  {
    wrong: 'a signature of an odd service version',
    settings: sasChanged((sas) => sas.replace(/sv=[^&]*/, 'sv=latest')),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /service version \(sv=\)/,
  },
  {
    wrong: 'a signature of a single blob',
    settings: sasChanged((sas) => sas.replace('sr=c', 'sr=b')),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /for the container \(sr=c\)/,
  },
  ...(
    [
      ['write', 'rcdl', /lacks permissions: write \(w\)/],
      ['list', 'rcwd', /lacks permissions: list \(l\)/],
      ['delete', 'rcwl', /lacks permissions: delete \(d\)/],
      ['read and create', 'wdl', /lacks permissions: read \(r\), create \(c\)/],
    ] as const
  ).map(([name, rights, says]): Case => ({
    wrong: `a signature without ${name}`,
    settings: withSas({ rights }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says,
  })),
];

const pool: readonly Case[] = [
  {
    wrong: 'a workspace that does not exist',
    settings: (bench) => {
      const { blobEndpoint } = bench.endpoints;
      bench.endpoints = { blobEndpoint };
      return { ...bench.settings, workspace: 'wharf-no-such-workspace-4711' };
    },
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /host name could not be resolved.*Check the host name/s,
  },
  {
    wrong: 'a closed port',
    settings: async (bench) => {
      bench.endpoints = { ...bench.endpoints, endpoint: `tds://127.0.0.1:${await bench.closedPort()}` };
      return bench.settings;
    },
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /refused the connection/,
  },
  {
    wrong: 'an address the firewall does not let in',
    settings: (bench) => {
      bench.closeFirewall();
      return bench.settings;
    },
    code: 'NETWORK_BLOCKED',
    step: 'reach',
    says: /firewall.*outbound addresses/s,
  },
  {
    wrong: 'a username that does not exist',
    settings: from({ username: 'somebody' }),
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /username or password/,
  },
  {
    wrong: 'a wrong password',
    settings: from({ password: 'not the password' }),
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /username or password/,
  },
  {
    wrong: 'a pool that does not exist',
    settings: from({ database: 'no_such_pool' }),
    code: 'NOT_FOUND_DATABASE',
    step: 'database',
    says: /dedicated SQL pool does not exist/,
  },
  {
    wrong: 'a paused pool',
    settings: (bench) => {
      bench.pause();
      return bench.settings;
    },
    code: 'SUSPENDED',
    step: 'database',
    says: /is paused.*Resume the pool/s,
  },
];

const objects: readonly Case[] = [
  {
    wrong: 'a table that was dropped',
    settings: after('DROP TABLE dbo.klaviyo_event'),
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /dbo\.klaviyo_event is missing.*set-up script/s,
  },
  {
    wrong: "Wharf's own table that was dropped",
    settings: after('DROP TABLE dbo._wharf_ledger'),
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /_wharf_ledger is missing/,
  },
  {
    wrong: 'a column that was dropped',
    settings: after('ALTER TABLE dbo.klaviyo_profile DROP COLUMN locale'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /locale is missing.*ALTER TABLE \[dbo\]\.\[klaviyo_profile\] ADD \[locale\] nvarchar\(max\)/s,
  },
  {
    wrong: 'a column of another type',
    settings: after('ALTER TABLE dbo.klaviyo_event ALTER COLUMN _received_at nvarchar(50) NULL'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /_received_at is nvarchar\(50\), not datetime2\(6\).*ALTER COLUMN \[_received_at\] datetime2\(6\)/s,
  },
  {
    wrong: 'an empty gate',
    settings: after('DELETE FROM dbo._wharf_gate'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /_wharf_gate has 0 rows.*set-up script/s,
  },
  {
    wrong: 'no right to insert',
    settings: after('REVOKE INSERT ON dbo.klaviyo_metric FROM wharf_loader'),
    code: 'PERMISSION_MISSING',
    step: 'rights',
    says: /lacks a permission.*grants of the set-up script/s,
  },
  {
    wrong: 'no right to delete',
    settings: after('REVOKE DELETE ON dbo.klaviyo_event FROM wharf_loader'),
    code: 'PERMISSION_MISSING',
    step: 'rights',
    says: /lacks a permission/,
  },
  {
    wrong: 'no right to make tables',
    settings: after('REVOKE CREATE TABLE FROM wharf_loader'),
    code: 'PERMISSION_MISSING',
    step: 'probe',
    says: /lacks a permission/,
  },
  {
    wrong: 'no right to alter the staging schema',
    settings: after('REVOKE ALTER ON SCHEMA::wharf_stage FROM wharf_loader'),
    code: 'NOT_FOUND_SCHEMA',
    step: 'probe',
    says: /schema wharf_stage/,
  },
  {
    wrong: 'no right to use COPY INTO',
    settings: after('REVOKE ADMINISTER DATABASE BULK OPERATIONS FROM wharf_loader'),
    code: 'PERMISSION_MISSING',
    step: 'probe',
    says: /COPY INTO.*GRANT ADMINISTER DATABASE BULK OPERATIONS/s,
  },
];

const store: readonly Case[] = [
  {
    wrong: 'a storage account that does not exist',
    settings: (bench) => {
      const { endpoint } = bench.endpoints;
      bench.endpoints = { endpoint };
      return { ...bench.settings, storageAccount: 'wharfnosuchaccount4711' };
    },
    code: 'NETWORK_UNREACHABLE',
    step: 'stage',
    says: /host name could not be resolved/,
  },
  {
    wrong: 'a container that does not exist',
    settings: (bench) => ({
      ...bench.settings,
      container: 'no-such-container',
      sharedAccessSignature: bench.sas({ container: 'no-such-container' }),
    }),
    code: 'NOT_FOUND_BUCKET',
    step: 'stage',
    says: /container does not exist.*Check the container name/s,
  },
  {
    wrong: 'a signature of another container',
    settings: withSas({ container: 'another' }),
    code: 'AUTH_INVALID',
    step: 'stage',
    says: /refused the shared access signature/,
  },
  {
    wrong: 'an expired signature',
    settings: withSas({ expires: new Date('2024-01-01T00:00:00Z') }),
    code: 'AUTH_EXPIRED',
    step: 'settings',
    says: /ended at 2024-01-01.*new shared access signature/s,
  },
  {
    wrong: 'a signature that somebody changed',
    settings: sasChanged((sas) => sas.replace('sp=rcwdl', 'sp=racwdl')),
    code: 'AUTH_INVALID',
    step: 'stage',
    says: /refused the shared access signature/,
  },
];

export const wrongFields: readonly Case[] = [...form, ...pool, ...objects, ...store];
