import { z } from 'zod';
import type { DestinationSpec, FieldSpec } from '../destination.ts';
import { parseSas, problemOf } from './sas.ts';

export interface SynapseSettings {
  /** Shown in lists. */
  readonly name: string;
  /** Without the domain. */
  readonly workspace: string;
  /** The dedicated SQL pool. */
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly storageAccount: string;
  /** Without the leading `?`. */
  readonly sharedAccessSignature: string;
  readonly container: string;
}

const domain = '.sql.azuresynapse.net';

const line = (label: string) => z.string().trim().min(1, `Enter the ${label}.`).max(200, 'At most 200 characters.');
const visible = (text: string): boolean => !/\p{Cc}/u.test(text);

const workspace = line('workspace')
  .transform((text) => text.toLowerCase().replace(/,1433$/, ''))
  .refine((text) => !text.includes('/'), {
    message: 'Enter the name of the workspace only, not an address of Synapse Studio.',
    abort: true,
  })
  .transform((text) => (text.endsWith(domain) ? text.slice(0, -domain.length) : text))
  .refine((text) => !text.endsWith('-ondemand'), {
    message: 'This is the serverless SQL pool (-ondemand), which has no tables to load; enter the workspace itself.',
    abort: true,
  })
  .refine(
    (text) => /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/.test(text),
    `A workspace name has lower-case letters, digits and hyphens; ${domain} may follow.`,
  );

const settings = z.object({
  name: line('name').max(100, 'At most 100 characters.'),
  workspace,
  database: line('dedicated SQL pool').max(128, 'At most 128 characters.').refine(visible, 'No control characters.'),
  username: line('user name').max(128, 'At most 128 characters.').refine(visible, 'No control characters.'),
  password: z.string().min(1, 'Enter the password.').max(128, 'At most 128 characters.'),
  storageAccount: line('storage account')
    .transform((text) => text.toLowerCase())
    .refine(
      (text) => /^[a-z0-9]{3,24}$/.test(text),
      'A storage account name has 3 to 24 lower-case letters and digits; enter it without .blob.core.windows.net.',
    ),
  sharedAccessSignature: z
    .string()
    .trim()
    .min(1, 'Enter the shared access signature.')
    .max(2000, 'At most 2000 characters.')
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    })
    .transform((text) => parseSas(text).token),
  container: line('container').regex(
    /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'A container name has 3 to 63 lower-case letters, digits and single hyphens.',
  ),
}) satisfies z.ZodType<SynapseSettings>;

const field = (
  name: keyof SynapseSettings,
  label: string,
  help: string,
  more: Partial<Pick<FieldSpec, 'secret' | 'place' | 'default'>> = {},
): FieldSpec => ({ name, label, help, required: true, secret: false, input: 'line', ...more });

export const spec: DestinationSpec<SynapseSettings> = {
  kind: 'synapse',
  label: 'Azure Synapse',
  fields: [
    field('name', 'Name', 'How this destination is called in lists.', { default: 'Azure Synapse' }),
    field('workspace', 'Workspace', `The name, or the dedicated SQL endpoint (name${domain}).`, { place: 'server' }),
    field('database', 'Dedicated SQL pool', 'Its name is the database name.', { place: 'inside' }),
    field('username', 'Username', 'The SQL login that the set-up script makes.'),
    field('password', 'Password', 'Of that login.', { secret: true }),
    field('storageAccount', 'Storage account name', 'Files pass through it on their way into the pool.', {
      place: 'server',
    }),
    field(
      'sharedAccessSignature',
      'Shared access signature',
      'Of the container, with read, create, write, delete and list; its end is watched.',
      { secret: true },
    ),
    field('container', 'Container', 'An existing container; Wharf keeps to the folder wharf/ in it.'),
  ],
  settings,
  // a pool runs few loads at once; rows of 50 kB still keep the log of the smallest pool (60 GB a transaction) in bounds
  limits: { parallelLoads: 2, rowsPerBatch: 500_000 },
};
