/* The only reader of process.env. Parts receive values, never this object. */
import { resolve } from 'node:path';
import { z } from 'zod';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const endpoint = (what: string) =>
  z
    .url()
    .optional()
    .meta({ doc: `${what}, for all accounts: a stand-in, or a private link.` });

/** Every setting with its default and its line in docs/settings.md. */
export const settings = z.object({
  WHARF_DATA: z
    .string()
    .default('./wharf-data')
    .meta({ doc: 'Folder for the embedded database, staged files and keys.' }),
  WHARF_HOST: z.string().default('127.0.0.1').meta({ doc: 'Address the HTTP server listens on.' }),
  WHARF_PORT: integer(0, 65_535).default(8480).meta({ doc: 'Port of the HTTP server; 0 takes a free one.' }),
  WHARF_PUBLIC_URL: z.url().optional().meta({
    doc: 'Origin clients use, when it differs from host and port (behind a proxy): links in answers lead there.',
  }),
  WHARF_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ doc: 'Least level of log lines that are written.' }),
  WHARF_ROLES: z
    .string()
    .default('api,worker,sftp')
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(['api', 'worker', 'sftp'])).min(1))
    .meta({
      doc: 'What this process does: any of `api`, `worker`, `sftp`. Beside others, the SFTP server gets a process of its own.',
    }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({
      doc: 'An outside PostgreSQL (15 or newer). Without it one is started from npm, with its data in WHARF_DATA.',
    }),
  WHARF_ROW_LEVEL_SECURITY: z.enum(['on', 'off']).default('on').meta({
    doc: 'Keeps accounts apart a second time, in the database. `off` where its user may not be given a role.',
  }),
  WHARF_SECRET_KEY: z
    .string()
    .min(32)
    .optional()
    .meta({ doc: 'Secret that encrypts credentials at rest. Without it one is made and kept in WHARF_DATA.' }),
  WHARF_OLD_SECRET_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((key) => key !== ''))
    .meta({ doc: 'Earlier values of WHARF_SECRET_KEY, comma-separated: they still open what they sealed.' }),
  WHARF_OPERATOR_TOKEN: z
    .string()
    .min(24)
    .optional()
    .meta({ doc: 'Token of the operator. Without it one is made and kept in WHARF_DATA/operator-token.' }),
  WHARF_RATE_LIMIT_SCALE: z.coerce
    .number()
    .min(0)
    .default(1)
    .meta({ doc: "Factor on the compatible API's rate limits; 0 switches them off." }),
  WHARF_OUTBOUND_ADDRESSES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .meta({ doc: 'CIDRs from which this installation reaches warehouses; shown wherever a firewall must allow them.' }),
  WHARF_STAGE_BUCKET: z.string().optional().meta({
    doc: 'S3-compatible bucket for staged files and uploaded CSVs, so that any worker can go on with them. Without it they stay in WHARF_DATA.',
  }),
  WHARF_STAGE_PREFIX: z.string().regex(/^[^/]/).default('wharf-staged').meta({
    doc: 'Prefix of staged files in the bucket; uploaded CSVs have the same with `-imports` at its end.',
  }),
  WHARF_STAGE_REGION: z.string().default('us-east-1').meta({ doc: 'Region of the staging bucket.' }),
  WHARF_STAGE_ENDPOINT: z.url().optional().meta({ doc: 'Endpoint of an S3-compatible store that is not Amazon.' }),
  WHARF_STAGE_ACCESS_KEY_ID: z.string().optional().meta({ doc: 'Access key for the staging bucket.' }),
  WHARF_STAGE_SECRET_ACCESS_KEY: z.string().optional().meta({ doc: 'Secret key for the staging bucket.' }),
  WHARF_EXPORT_WORKERS: integer(1, 32).default(2).meta({ doc: 'Chunks this process stages and loads at once.' }),
  WHARF_SFTP_HOST: z.string().default('127.0.0.1').meta({ doc: 'Address the SFTP server listens on.' }),
  WHARF_SFTP_PORT: integer(0, 65_535).default(8422).meta({ doc: 'Port of the SFTP server; 0 takes a free one.' }),
  WHARF_SFTP_PUBLIC_HOST: z.string().optional().meta({
    doc: 'Host name of the SFTP server as shown to people, when it differs from the address.',
  }),
  WHARF_SFTP_PUBLIC_PORT: integer(1, 65_535).optional().meta({
    doc: 'Port of the SFTP server as shown to people, when it differs.',
  }),
  WHARF_SFTP_QUIET_SECONDS: integer(0, 3600).default(5).meta({
    doc: 'Seconds a closed file must stay untouched before it is imported.',
  }),
  WHARF_SFTP_FILE_MB: integer(1, 1_000_000).default(10_240).meta({ doc: 'Largest file that can be uploaded, in MB.' }),
  WHARF_SFTP_ACCOUNT_MB: integer(1, 10_000_000).default(51_200).meta({
    doc: 'What the files of one account that are not imported yet may take together, in MB.',
  }),
  WHARF_SFTP_FREE_DISK_MB: integer(0, 10_000_000).default(1024).meta({
    doc: 'Uploads stop when the disk has less free room than this, in MB.',
  }),
  WHARF_SFTP_KEEP_DAYS: integer(1, 365).default(7).meta({
    doc: 'Days after which unfinished uploads are removed, and imported files are no longer listed.',
  }),
  WHARF_SFTP_CONNECTIONS: integer(1, 100_000)
    .default(500)
    .meta({ doc: 'SFTP connections at once, all accounts together.' }),
  WHARF_SFTP_CONNECTIONS_PER_ADDRESS: integer(1, 100_000).default(50).meta({
    doc: 'SFTP connections at once from one address (of IPv6, one /64 network).',
  }),
  WHARF_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .meta({
      doc: 'Mail server for alerts: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. Without it no e-mail is sent.',
    }),
  WHARF_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s<>]+@[^\s<>]+>?$/)
    .default('Wharf <wharf@localhost>')
    .meta({ doc: 'Sender of e-mail, one that the mail server may send for.' }),
  WHARF_WEBHOOKS_TO_PRIVATE_NETWORKS: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      doc: 'Whether webhooks may go to loopback and private addresses: `true` only where all who manage accounts may reach your network.',
    }),
  WHARF_IMPORT_KEEP_DAYS: integer(1, 3650).default(30).meta({
    doc: 'Days for which an uploaded CSV is kept after its import, and with it the download of its skipped rows.',
  }),
  WHARF_DUCKDB_FOLDER: z
    .string()
    .transform((folder) => resolve(folder))
    .optional()
    .meta({
      doc: 'The only folder DuckDB files may be in, links followed. Without it any account may name any path the service can write: set it when accounts belong to different people.',
    }),
  WHARF_SNOWFLAKE_ENDPOINT: endpoint('Base URL that takes the place of Snowflake accounts'),
  WHARF_BIGQUERY_ENDPOINT: endpoint("Base URL that takes the place of Google's BigQuery and token services"),
  WHARF_SYNAPSE_ENDPOINT: endpoint('`tds://host:port` that takes the place of Synapse workspaces'),
  WHARF_SYNAPSE_BLOB_ENDPOINT: endpoint('Base URL that takes the place of Azure storage accounts'),
});

export type Config = z.output<typeof settings>;

export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`Wharf cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and checks all settings; @throws ConfigError naming every problem at once */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  const unknown = Object.keys(given).filter(
    (name) => name.startsWith('WHARF_') && !(name in settings.shape) && name !== 'WHARF_TOKEN' && name !== 'WHARF_URL',
  );
  const problems = [
    ...(parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? []),
    ...unknown.map((name) => `${name}: there is no such setting`),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return { ...parsed.data, WHARF_DATA: resolve(parsed.data.WHARF_DATA) };
}

/** Of a process that we start: our own environment and more. */
export function childEnvironment(more: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  return { ...process.env, ...more };
}

/** docs/settings.md, generated so that it cannot drift. */
export function settingsMarkdown(): string {
  const rows = Object.entries(settings.shape).map(([name, schema]) => {
    const { doc } = schema.meta() as { doc: string };
    const fallback = schema.safeParse(undefined).success ? defaultOf(schema) : '';
    return `| \`${name}\` | ${fallback} | ${doc} |`;
  });
  return [
    '# Settings',
    '',
    'Environment variables, read once at start.',
    '',
    '| variable | default | what it does |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function defaultOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input' }) as { default?: unknown };
  return json.default === undefined || json.default === '' ? '' : `\`${String(json.default)}\``;
}
