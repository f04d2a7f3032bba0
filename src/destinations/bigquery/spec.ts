import { z } from 'zod';
import type { DestinationSpec } from '../destination.ts';
import { parseServiceAccountKey } from './service-account-key.ts';

export interface BigquerySettings {
  /** Shown in lists. */
  readonly name: string;
  readonly projectId: string;
  readonly dataset: string;
  /** The key file's whole text, JSON. */
  readonly serviceAccountKey: string;
}

export const projectIdForm = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
export const datasetForm = /^\w{1,1024}$/;

const line = (label: string) => z.string().trim().min(1, `Enter the ${label}.`).max(1100, 'At most 1100 characters.');

const settings = z.object({
  name: line('name').max(100, 'At most 100 characters.'),
  projectId: line('project id')
    .refine((id) => !/^\d+$/.test(id), {
      message: 'This is the number of the project. Enter its id, for example my-shop-123456.',
      abort: true,
    })
    .regex(projectIdForm, 'A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter.'),
  dataset: line('dataset')
    .refine((dataset) => !/[.:]/.test(dataset), {
      message: 'Enter the dataset alone; the project stands in its own field.',
      abort: true,
    })
    .regex(datasetForm, 'A dataset name has letters, digits and underscores only.'),
  serviceAccountKey: z
    .string()
    .trim()
    .min(1, 'Paste the key file of the service account.')
    .max(20_000, 'A key file has at most 20,000 characters.')
    .superRefine((text, context) => {
      if (text === '') return;
      const key = parseServiceAccountKey(text);
      if ('problem' in key) context.addIssue({ code: 'custom', message: key.problem });
    }),
}) satisfies z.ZodType<BigquerySettings>;

export const spec: DestinationSpec<BigquerySettings> = {
  kind: 'bigquery',
  label: 'Google BigQuery',
  fields: [
    {
      name: 'name',
      label: 'Name',
      help: 'How this destination is called in lists.',
      required: true,
      secret: false,
      input: 'line',
      default: 'Google BigQuery',
    },
    {
      name: 'projectId',
      label: 'Project id',
      help: 'Of the project that has the dataset and pays for the loads, for example my-shop-123456.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
    {
      name: 'dataset',
      label: 'Dataset',
      help: 'The name only, without the project.',
      required: true,
      secret: false,
      input: 'line',
      place: 'inside',
    },
    {
      name: 'serviceAccountKey',
      label: 'Service account key',
      help: 'The whole JSON file that Google gives when a key is made.',
      required: true,
      secret: true,
      input: 'text',
    },
  ],
  settings,
  // files of a batch go up while another batch is merged; merges themselves take turns
  limits: { parallelLoads: 2, rowsPerBatch: 1_000_000 },
};
