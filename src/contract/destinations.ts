import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, listOf } from './values.ts';

/** One field of the credentials form. */
export const field = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  required: z.boolean(),
  secret: z.boolean().describe('Never comes back in a reply.'),
  input: z.enum(['line', 'text', 'number', 'choice']),
  choices: z.array(z.string()).readonly().optional(),
  default: z.union([z.string(), z.number()]).optional(),
  place: z
    .enum(['server', 'inside'])
    .optional()
    .describe(
      'Another value leads elsewhere, so that all is sent anew; with `server`, saved secrets must be entered again, too.',
    ),
});

export const destinationKind = z
  .object({
    kind: z.string(),
    label: z.string(),
    fields: z.array(field).readonly(),
    limits: z.object({ parallelLoads: z.number(), rowsPerBatch: z.number() }),
  })
  .meta({ id: 'DestinationKind' });
export type DestinationKind = z.infer<typeof destinationKind>;

const typed = z
  .string()
  .max(20_000, 'may have at most 20,000 characters')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not hold NUL or broken characters');

/** The form as typed; which fields there are is said by the destination kind. */
export const settings = z
  .record(z.string().max(100), z.union([typed, z.number(), z.null()]))
  .describe('Field names of the destination kind and what was typed. A secret left out or null keeps its saved value.');
export type Settings = z.infer<typeof settings>;

export const setupScript = z
  .object({
    language: z.string().describe('`sql`, `json`, `bash` or `text`.'),
    text: z.string(),
    instructions: z.array(z.string()).readonly().describe('Where to run it, and with which rights.'),
  })
  .meta({ id: 'SetupScript' });
export type SetupScript = z.infer<typeof setupScript>;

export const destinationEndpoints = {
  listDestinations: endpoint({
    method: 'GET',
    path: '/v1/destinations',
    tag: 'destinations',
    access: 'caller',
    summary: 'The kinds of warehouse, each with its form.',
    reply: listOf(destinationKind),
  }),
  setupScript: endpoint({
    method: 'POST',
    path: '/v1/destinations/{kind}/setup-script',
    tag: 'destinations',
    access: 'caller',
    summary: 'The script an administrator runs in the warehouse, filled in with what is typed so far.',
    params: z.strictObject({ kind: id }),
    body: z.strictObject({ settings: settings.default({}) }),
    reply: setupScript,
  }),
};
