import type { SetupScript } from '../destination.ts';
import { tables } from '../tables.ts';
import { bareName, identifierText, literal, quoted } from './identifiers.ts';
import { publicKeyOf } from './private-key.ts';
import { bookkeeping, warehouseTable } from './schema.ts';
import type { SnowflakeSettings } from './spec.ts';
import { createTable, inPlace, type Place } from './sql.ts';

/** Statements that make the tables, and a user that may load into them and nothing else. Can be run again. */
export function setup(
  settings: Partial<SnowflakeSettings>,
  context: { readonly outboundAddresses: readonly string[] },
): SetupScript {
  const names = namesOf(settings);
  const text = [
    `-- 1. a role of its own, and a compute warehouse that sleeps when it is not needed\nUSE ROLE SECURITYADMIN;`,
    `CREATE ROLE IF NOT EXISTS ${names.role};`,
    `USE ROLE SYSADMIN;`,
    `CREATE WAREHOUSE IF NOT EXISTS ${names.warehouse} WAREHOUSE_SIZE = 'XSMALL' AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;`,
    `\n-- 2. the tables\n${tableStatements(names.place).join('\n')}`,
    `\n-- 3. what the role may do: read and write these tables, nothing else\n${grants(names).join('\n')}`,
    `\n-- 4. the user, who signs in with the key pair only\n${userStatements(settings, names).join('\n')}`,
    networkStatements(names, context.outboundAddresses),
  ].join('\n');
  return {
    language: 'sql',
    text: `${text.trimEnd()}\n`,
    instructions: [
      'Make a key pair: openssl genrsa 2048 | openssl pkcs8 -topk8 -inform PEM -out rsa_key.p8 -nocrypt, then openssl rsa -in rsa_key.p8 -pubout -out rsa_key.pub.',
      'Run the script in a worksheet as somebody with the roles SECURITYADMIN and SYSADMIN (SHOW GRANTS TO USER <you> lists yours).',
      'Where it says YOUR_PUBLIC_KEY, put the content of rsa_key.pub without its first and last line; with the private key entered, the script has it already.',
      'Paste the private key (rsa_key.p8) into the connection. Database, schema and warehouse are made when they are missing.',
      'If the database or a table belongs to another role, run the grants as that role.',
    ],
  };
}

interface Names {
  readonly place: Place;
  /** Quoted. */
  readonly warehouse: string;
  readonly user: string;
  readonly role: string;
  /** Bare. */
  readonly username: string;
}

/** Names as typed, or placeholders; what is not well formed is quoted as it stands, so that it cannot break out. */
function namesOf(settings: Partial<SnowflakeSettings>): Names {
  const nameOf = (typed: string | undefined, placeholder: string): string => {
    const text = typed?.trim() || placeholder;
    return bareName(identifierText(text) ?? text);
  };
  const username = (settings.username?.trim() || 'WHARF').toUpperCase();
  return {
    place: { database: nameOf(settings.database, 'YOUR_DATABASE'), schema: nameOf(settings.schema, 'YOUR_SCHEMA') },
    warehouse: quoted(nameOf(settings.warehouse, 'YOUR_WAREHOUSE')),
    user: quoted(username),
    role: quoted(`${username}_ROLE`),
    username,
  };
}

function tableStatements(place: Place): string[] {
  const wanted = [...Object.values(tables).map(warehouseTable), ...bookkeeping];
  return [
    `CREATE DATABASE IF NOT EXISTS ${quoted(place.database)};`,
    `CREATE SCHEMA IF NOT EXISTS ${quoted(place.database)}.${quoted(place.schema)};`,
    ...wanted.map(({ name, columns }) => `${createTable(place, name, columns)};`),
  ];
}

function grants({ place, warehouse, role }: Names): string[] {
  const schema = `${quoted(place.database)}.${quoted(place.schema)}`;
  const wanted = [...Object.values(tables).map(warehouseTable), ...bookkeeping];
  return [
    `GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${role};`,
    `GRANT USAGE ON DATABASE ${quoted(place.database)} TO ROLE ${role};`,
    `GRANT USAGE ON SCHEMA ${schema} TO ROLE ${role};`,
    ...wanted.map(
      ({ name }) => `GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE ${inPlace(place, name)} TO ROLE ${role};`,
    ),
  ];
}

function userStatements(settings: Partial<SnowflakeSettings>, { user, role, username, warehouse }: Names): string[] {
  const key = settings.privateKey ? publicKeyOf(settings.privateKey) : null;
  return [
    'USE ROLE SECURITYADMIN;',
    `CREATE USER IF NOT EXISTS ${user} TYPE = SERVICE LOGIN_NAME = ${literal(username)} DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = ${warehouse};`,
    `ALTER USER ${user} SET RSA_PUBLIC_KEY = ${literal(key ?? 'YOUR_PUBLIC_KEY')};`,
    `GRANT ROLE ${role} TO USER ${user};`,
    `GRANT ROLE ${role} TO ROLE SYSADMIN;`,
  ];
}

function networkStatements({ user, username }: Names, addresses: readonly string[]): string {
  if (addresses.length === 0) return '';
  const policy = quoted(`${username}_NETWORK`);
  const list = addresses.map(literal).join(', ');
  return `
-- 5. the user may sign in from Wharf's addresses only
CREATE NETWORK POLICY IF NOT EXISTS ${policy} ALLOWED_IP_LIST = (${list});
ALTER NETWORK POLICY ${policy} SET ALLOWED_IP_LIST = (${list});
ALTER USER ${user} SET NETWORK_POLICY = ${policy};`;
}
