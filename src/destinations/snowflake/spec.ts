import { z } from 'zod';
import type { DestinationSpec } from '../destination.ts';
import { accountIdentifier } from './account.ts';
import { identifierText } from './identifiers.ts';
import { readPrivateKey } from './private-key.ts';

export interface SnowflakeSettings {
  /** Shown in lists. */
  readonly name: string;
  readonly username: string;
  /** PEM, PKCS#8, not encrypted. */
  readonly privateKey: string;
  /** `org-account`, or a locator with region and cloud; lower case. */
  readonly account: string;
  /** The compute warehouse. This and the next two are names as `identifierText` gives them. */
  readonly warehouse: string;
  readonly database: string;
  readonly schema: string;
}

const line = (label: string) => z.string().trim().min(1, `Enter the ${label}.`).max(255, 'At most 255 characters.');

/** Text in one canonical form; what has none is refused with the sentence. */
function canonical(label: string, form: (typed: string) => string | null, sentence: string) {
  return line(label).transform((typed, context) => {
    const text = form(typed);
    if (text !== null) return text;
    context.addIssue({ code: 'custom', message: sentence });
    return z.NEVER;
  });
}

const objectName = (label: string) =>
  canonical(
    label,
    identifierText,
    `A ${label} has letters, digits, _ and $, and starts with a letter or _; put any other name in double quotes, exactly as it is.`,
  );

const settings = z.object({
  name: line('name').max(100, 'At most 100 characters.'),
  username: line('username').regex(/^[^\s"'\\\p{Cc}]+$/u, 'A username has no spaces, quotes or backslashes.'),
  privateKey: z
    .string()
    .trim()
    .min(1, 'Paste the private key.')
    .max(20_000, 'At most 20,000 characters.')
    .transform((typed, context) => {
      const key = readPrivateKey(typed);
      if ('pem' in key) return key.pem;
      context.addIssue({ code: 'custom', message: key.problem });
      return z.NEVER;
    }),
  warehouse: objectName('warehouse name'),
  account: canonical(
    'account identifier',
    accountIdentifier,
    'An account identifier looks like myorg-myaccount, or xy12345.eu-central-1.aws; the address of the account will do as well.',
  ),
  database: objectName('database name'),
  schema: objectName('schema name'),
}) satisfies z.ZodType<SnowflakeSettings>;

export const spec: DestinationSpec<SnowflakeSettings> = {
  kind: 'snowflake',
  label: 'Snowflake',
  fields: [
    {
      name: 'name',
      label: 'Name',
      help: 'How this destination is called in lists.',
      required: true,
      secret: false,
      input: 'line',
      default: 'Snowflake',
    },
    {
      name: 'username',
      label: 'Username',
      help: 'Of the user that the set-up script makes.',
      required: true,
      secret: false,
      input: 'line',
      default: 'WHARF',
    },
    {
      name: 'privateKey',
      label: 'Private key',
      help: 'The whole file rsa_key.p8: PEM, PKCS#8, without a passphrase.',
      required: true,
      secret: true,
      input: 'text',
    },
    {
      name: 'warehouse',
      label: 'Warehouse',
      help: 'The compute warehouse that loads; an X-Small one will do.',
      required: true,
      secret: false,
      input: 'line',
    },
    {
      name: 'account',
      label: 'Account',
      help: 'For example myorg-myaccount or xy12345.eu-central-1.aws; the address of the account will do as well.',
      required: true,
      secret: false,
      input: 'line',
      place: 'server',
    },
    {
      name: 'database',
      label: 'Database',
      help: 'Names are upper case unless you put them in double quotes, as everywhere in Snowflake.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
    {
      name: 'schema',
      label: 'Schema',
      help: 'For the tables; for example KLAVIYO.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
  ],
  settings,
  // uploads and COPY run side by side; the merges wait for each other
  limits: { parallelLoads: 4, rowsPerBatch: 500_000 },
};
