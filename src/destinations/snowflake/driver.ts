/** The vendor's driver, loaded at first use and kept quiet. */
import { tmpdir } from 'node:os';
import { env } from 'node:process';
import type snowflake from 'snowflake-sdk';
import type { Connection, ConnectionOptions } from 'snowflake-sdk';
import { accountUrl } from './account.ts';
import type { SnowflakeSettings } from './spec.ts';

type Driver = typeof snowflake;

let loading: Promise<Driver> | null = null;

/**
 * Left alone, the driver asks the metadata services of three clouds and AWS STS where it runs, tells Snowflake so, loads a native
 * library for the same purpose and writes `snowflake.log` into the working folder. The first three can be switched off through the environment
 * only, and only before it is loaded; whoever wants them sets the variables otherwise.
 *
 * OCSP is off: it asks third parties (certificate authorities, `ocsp.snowflakecomputing.com`) over plain HTTP, lets everything pass that they do not
 * answer, and keeps a cache in the home folder. Certificates are checked by Node as always.
 */
async function loadDriver(): Promise<Driver> {
  env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true';
  env['SF_TELEMETRY_DISABLE_CONNECTION_SHAPE'] ??= 'true';
  env['SNOWFLAKE_DISABLE_MINICORE'] ??= 'true';
  // it makes this folder although it has nothing to keep there; by default one in the home folder
  env['SF_OCSP_RESPONSE_CACHE_DIR'] ??= tmpdir();
  const driver = (await import('snowflake-sdk')).default;
  const drop = (): void => undefined;
  driver.configure({
    logLevel: 'OFF',
    customLogger: { error: drop, warn: drop, info: drop, debug: drop, trace: drop },
    disableOCSPChecks: true,
  });
  return driver;
}

/** @param endpoint takes the place of the account's own address */
export async function connect(settings: SnowflakeSettings, endpoint: string | null): Promise<Connection> {
  loading ??= loadDriver();
  const driver = await loading;
  const options: ConnectionOptions = {
    account: settings.account,
    accessUrl: baseUrl(settings, endpoint),
    username: settings.username,
    authenticator: 'SNOWFLAKE_JWT',
    privateKey: settings.privateKey,
    // what is not there is left out without a word; statements have whole names, and find out
    warehouse: settings.warehouse,
    database: settings.database,
    schema: settings.schema,
    application: 'Wharf',
    clientSessionKeepAlive: true,
    // one login that fails is an error of the run, which is tried again as a whole
    sfRetryMaxLoginRetries: 1,
    timeout: 60_000,
  };
  const connection = driver.createConnection(options);
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

export function baseUrl(settings: Pick<SnowflakeSettings, 'account'>, endpoint: string | null): string {
  return (endpoint ?? accountUrl(settings.account)).replace(/\/+$/, '');
}
