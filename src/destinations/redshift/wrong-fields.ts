/** What a person can get wrong when connecting Redshift, and what they are told. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { sealDestination } from '../seal.ts';
import type { WrongField, WrongFieldBench } from '../testing/wrong-fields.ts';
import { administrator } from './double/known.ts';
import { createRedshift } from './redshift.ts';
import type { RedshiftSettings } from './spec.ts';

export class RedshiftBench implements WrongFieldBench, AsyncDisposable {
  readonly destination = sealDestination(createRedshift());
  readonly settings: RedshiftSettings;
  readonly #servers: Server[] = [];

  constructor(settings: RedshiftSettings) {
    this.settings = settings;
  }

  with(changes: Partial<Record<keyof RedshiftSettings, unknown>>): Record<string, unknown> {
    return { ...this.settings, ...changes };
  }

  /** As the administrator; `$schema` and `$user` stand for the warehouse's own. */
  async breakBy(statement: string): Promise<Record<string, unknown>> {
    const { host, port, database, schema, username } = this.settings;
    const client = new pg.Client({ host, port, database, ...administrator });
    await client.connect();
    await client.query(statement.replaceAll('$schema', `"${schema}"`).replaceAll('$user', `"${username}"`));
    await client.end();
    return this.with({});
  }

  /** Another server, gone with the bench. */
  async serve(host: string, onClient: (client: Socket) => void): Promise<number> {
    const server = createServer((client) => onClient(client.on('error', () => undefined)));
    this.#servers.push(server);
    await new Promise<void>((done) => server.listen(0, host, done));
    return (server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await new Promise((done) => server.close(done));
  }
}

const withoutStaging = {
  stagingBucket: null,
  stagingRegion: null,
  stagingAccessKeyId: null,
  stagingSecretAccessKey: null,
  stagingEndpoint: null,
};

/** Redshift asks for a password in a way of its own when it keeps it as SHA-256: authentication request 13. */
const askForDigest = Buffer.from([0x52, 0, 0, 0, 12, 0, 0, 0, 13, 0, 0, 0, 0]);

export const wrongFields: readonly WrongField<RedshiftBench>[] = [
  {
    wrong: 'a host with a space in it',
    settings: (bench) => bench.with({ host: 'my cluster' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /host: Enter a host such as/,
  },
  {
    wrong: 'a web address as the host',
    settings: (bench) => bench.with({ host: 'https://console.aws.amazon.com/redshift' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /jdbc:redshift:\/\//,
  },
  {
    wrong: 'another port in the host URL than in its field',
    settings: (bench) => bench.with({ host: '127.0.0.1:5440' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /port: The host URL says port 5440/,
  },
  {
    wrong: 'a name with a NUL in it',
    settings: (bench) => bench.with({ schema: 'klaviyo\0' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /schema: A schema name has at most 127 bytes and no control characters/,
  },
  {
    wrong: 'a staging bucket without its region',
    settings: (bench) => bench.with({ stagingRegion: '' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /stagingRegion: Enter the region of the staging bucket, or leave all staging fields empty/,
  },
  {
    wrong: 'a role by its name alone',
    settings: (bench) => bench.with({ stagingIamRole: 'wharf-copy' }),
    code: 'SETTINGS_INVALID',
    step: 'form',
    says: /arn:aws:iam::/,
  },
  {
    wrong: 'a host name that does not exist',
    settings: (bench) => bench.with({ ...withoutStaging, host: 'no-such-cluster.invalid' }),
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /host name could not be resolved/,
  },
  {
    wrong: 'a port where nothing listens',
    settings: (bench) => bench.with({ port: 1 }),
    code: 'NETWORK_UNREACHABLE',
    step: 'reach',
    says: /Check host and port/,
  },
  {
    wrong: 'a host elsewhere that does not speak TLS',
    settings: async (bench) => {
      // another address of this machine, but none of those that go without TLS
      const port = await bench.serve('127.0.0.2', (client) => client.once('data', () => client.write('N')));
      return bench.with({ host: '127.0.0.2', port });
    },
    code: 'SETTINGS_INVALID',
    step: 'reach',
    says: /does not speak TLS.*Check host and port/,
  },
  {
    wrong: 'the password',
    settings: (bench) => bench.with({ password: 'not-the-password' }),
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /user name or password.*Enter both again/,
  },
  {
    wrong: 'the user name',
    settings: (bench) => bench.with({ username: 'nobody_of_that_name' }),
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /user name or password/,
  },
  {
    wrong: 'a password that Redshift keeps as SHA-256',
    settings: async (bench) => {
      const port = await bench.serve('127.0.0.1', (client) => client.once('data', () => client.write(askForDigest)));
      return bench.with({ port });
    },
    code: 'AUTH_INVALID',
    step: 'sign-in',
    says: /SHA-256.*ALTER USER/,
  },
  {
    wrong: 'the database',
    settings: (bench) => bench.with({ database: 'prod' }),
    code: 'NOT_FOUND_DATABASE',
    step: 'database',
    says: /Check the database name/,
  },
  {
    wrong: 'the schema',
    settings: (bench) => bench.with({ schema: 'no_such_schema' }),
    code: 'NOT_FOUND_SCHEMA',
    step: 'schema',
    says: /no_such_schema.*Check the schema name/,
  },
  {
    wrong: 'a schema that the user may not use',
    settings: (bench) => bench.breakBy('REVOKE USAGE ON SCHEMA $schema FROM $user'),
    code: 'PERMISSION_MISSING',
    step: 'schema',
    says: /lacks USAGE.*GRANT USAGE ON SCHEMA/,
  },
  {
    wrong: 'a table that is not there',
    settings: (bench) => bench.breakBy('DROP TABLE $schema.klaviyo_event'),
    code: 'NOT_FOUND_TABLE',
    step: 'tables',
    says: /klaviyo_event.*set-up script/,
  },
  {
    wrong: 'a column that is not there',
    settings: (bench) => bench.breakBy('ALTER TABLE $schema.klaviyo_profile DROP COLUMN locale'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /klaviyo_profile\.locale is missing.*ADD COLUMN "locale" VARCHAR\(65535\)/,
  },
  {
    wrong: 'a column of another type',
    settings: (bench) => bench.breakBy('ALTER TABLE $schema.klaviyo_event ALTER COLUMN "timestamp" TYPE VARCHAR(20)'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /klaviyo_event\.timestamp is .*, not BIGINT.*RENAME COLUMN/,
  },
  {
    wrong: 'a text column that is too short',
    settings: (bench) => bench.breakBy('ALTER TABLE $schema.klaviyo_profile ALTER COLUMN "title" TYPE VARCHAR(256)'),
    code: 'SCHEMA_MISMATCH',
    step: 'tables',
    says: /ALTER COLUMN "title" TYPE VARCHAR\(65535\)/,
  },
  {
    wrong: 'a user who may not insert',
    settings: (bench) => bench.breakBy('REVOKE INSERT ON $schema.klaviyo_profile FROM $user'),
    code: 'PERMISSION_MISSING',
    step: 'rights',
    says: /INSERT on klaviyo_profile.*GRANT INSERT ON/,
  },
  {
    wrong: 'a user who may not make temporary tables',
    settings: (bench) => bench.breakBy('REVOKE TEMP ON DATABASE dev FROM $user'),
    code: 'PERMISSION_MISSING',
    step: 'rights',
    says: /TEMP on the database dev.*GRANT TEMP ON DATABASE/,
  },
  {
    wrong: 'the staging bucket',
    settings: (bench) => bench.with({ stagingBucket: 'no-such-bucket' }),
    code: 'NOT_FOUND_BUCKET',
    step: 'stage',
    says: /staging bucket does not exist.*Check the bucket name/,
  },
  {
    wrong: 'the access key id of the staging bucket',
    settings: (bench) => bench.with({ stagingAccessKeyId: 'AKIANOBODY' }),
    code: 'AUTH_INVALID',
    step: 'stage',
    says: /access key id of the staging bucket/,
  },
  {
    wrong: 'the secret access key of the staging bucket',
    settings: (bench) => bench.with({ stagingSecretAccessKey: 'not-the-secret' }),
    code: 'AUTH_INVALID',
    step: 'stage',
    says: /secret access key of the staging bucket/,
  },
  {
    wrong: 'the region of the staging bucket',
    settings: (bench) => bench.with({ stagingRegion: 'us-east-1' }),
    code: 'CONFIG_REGION',
    step: 'stage',
    says: /in region eu-central-1, not us-east-1/,
  },
  {
    wrong: 'an endpoint of the staging bucket where nothing listens',
    settings: (bench) => bench.with({ stagingEndpoint: 'http://127.0.0.1:1' }),
    code: 'NETWORK_UNREACHABLE',
    step: 'stage',
    says: /refused the connection/,
  },
  {
    wrong: 'a role that Redshift may not assume',
    settings: (bench) => bench.with({ stagingIamRole: 'arn:aws:iam::123456789012:role/another' }),
    code: 'PERMISSION_MISSING',
    step: 'probe',
    says: /may not use the IAM role.*trust policy/,
  },
];
