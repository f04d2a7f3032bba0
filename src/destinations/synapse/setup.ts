import type { SetupScript } from '../destination.ts';
import { tables } from '../tables.ts';
import { addressRanges } from './address-range.ts';
import type { SynapseSettings } from './spec.ts';
import {
  bookkeeping,
  createBookkeeping,
  createDataTable,
  dbo,
  gateTable,
  ledgerTable,
  literal,
  quoted,
  stagingSchema,
  tombstoneTable,
} from './sql.ts';

/** T-SQL for master and for the pool, and Azure CLI lines for firewall and signature. Holds no secret. */
export function setup(
  settings: Partial<SynapseSettings>,
  context: { readonly outboundAddresses: readonly string[] },
): SetupScript {
  const user = oneLine(settings.username) || 'wharf_loader';
  const pool = oneLine(settings.database) || 'YOUR-POOL';
  const text = [
    `-- 1. In the database master, as the SQL administrator of the workspace. Choose the password yourself.`,
    // Azure wants it alone in its batch, without a condition
    statement(`CREATE LOGIN ${quoted(user)} WITH PASSWORD = '<choose a password>'`),
    `-- 2. In the dedicated SQL pool ${pool}: user, tables, grants.`,
    ...poolStatements(user).map(statement),
    `-- 3. With the Azure CLI: who may connect, and the shared access signature to enter in the connection.`,
    ...cliLines(settings, context.outboundAddresses).map((line) => `-- ${line}`),
  ];
  return {
    language: 'sql',
    text: `${text.join('\n\n')}\n`,
    instructions: [
      'Run part 1 connected to the database master, part 2 connected to the dedicated SQL pool: a pool does not know USE.',
      'Both need the SQL administrator of the workspace, or somebody with the same rights. Part 2 can be run again at any time.',
      'Enter the password that you choose in part 1, and the signature that the last line of part 3 prints.',
      ...(context.outboundAddresses.length === 0
        ? []
        : [`The firewall of the workspace must let these addresses in: ${context.outboundAddresses.join(', ')}.`]),
      'A storage account with a firewall must let Wharf and the pool in.',
    ],
  };
}

function poolStatements(user: string): readonly string[] {
  const made = [
    unless(
      `EXISTS (SELECT 1 FROM sys.database_principals WHERE name = ${literal(user)})`,
      `CREATE USER ${quoted(user)} FOR LOGIN ${quoted(user)}`,
    ),
    unless(
      `EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${literal(stagingSchema)})`,
      `EXEC (${literal(`CREATE SCHEMA ${quoted(stagingSchema)}`)})`,
    ),
  ];
  const data = Object.values(tables).map((table) => missing(table.name, createDataTable(table)));
  const own = Object.keys(bookkeeping).map((name) => missing(name, createBookkeeping(name)));
  const gates = Object.keys(tables).map((name) =>
    unless(
      `EXISTS (SELECT 1 FROM ${dbo(gateTable)} WHERE [table_name] = ${literal(name)})`,
      `INSERT INTO ${dbo(gateTable)} ([table_name], [turns]) VALUES (${literal(name)}, 0)`,
    ),
  );
  return [...made, ...data, ...own, ...gates, ...grants(user)];
}

/** Nothing that alters or drops the tables of the contract. */
function grants(user: string): readonly string[] {
  const to = `TO ${quoted(user)}`;
  const replaced = [...Object.keys(tables), tombstoneTable];
  return [
    ...replaced.map((name) => `GRANT SELECT, INSERT, DELETE ON ${dbo(name)} ${to}`),
    `GRANT SELECT, INSERT ON ${dbo(ledgerTable)} ${to}`,
    `GRANT SELECT, UPDATE ON ${dbo(gateTable)} ${to}`,
    `GRANT SELECT, INSERT, DELETE, ALTER ON SCHEMA::${quoted(stagingSchema)} ${to}`,
    `GRANT CREATE TABLE ${to}`,
    `GRANT ADMINISTER DATABASE BULK OPERATIONS ${to}`,
  ];
}

function missing(table: string, create: string): string {
  return `IF OBJECT_ID(${literal(`dbo.${table}`)}) IS NULL\n${create}`;
}

function unless(condition: string, then: string): string {
  return `IF NOT ${condition}\n${then}`;
}

const statement = (text: string): string => `${text};\nGO`;

function cliLines(settings: Partial<SynapseSettings>, addresses: readonly string[]): readonly string[] {
  const workspace = oneLine(settings.workspace) || 'YOUR-WORKSPACE';
  const account = oneLine(settings.storageAccount) || 'YOUR-STORAGE-ACCOUNT';
  const container = oneLine(settings.container) || 'YOUR-CONTAINER';
  const rules = addressRanges(addresses).map(
    ([from, to], i) =>
      `az synapse workspace firewall-rule create --resource-group YOUR-GROUP --workspace-name ${shell(workspace)} --name wharf-${i + 1} --start-ip-address ${from} --end-ip-address ${to}`,
  );
  return [
    ...rules,
    `az storage container generate-sas --account-name ${shell(account)} --name ${shell(container)} --permissions rcwdl --https-only --expiry YYYY-MM-DDT00:00Z --output tsv`,
  ];
}

/** So that a typed value can neither leave its comment nor bring a line of its own that reads GO. */
function oneLine(text: string | undefined): string {
  return (text ?? '').replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
