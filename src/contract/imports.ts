import { z } from 'zod';
import { dataObject } from './connection.ts';
import { csvDownload, csvUpload } from './csv-file.ts';
import { endpoint } from './endpoint.ts';
import { accountParams, id, instant, pageOf, pageQuery } from './values.ts';

export const importStatus = z.enum(['review', 'in_progress', 'completed', 'incomplete', 'failed']);

const remark = z.object({
  row: z.number().int().nullable().describe('Row 1 is the header; null when the whole file is meant.'),
  column: z.string().nullable().describe("The column's header; null when no one column is meant."),
  message: z.string(),
});

export const importedFile = z
  .object({
    id,
    object: dataObject,
    fileName: z.string(),
    bytes: z.number().int(),
    source: z.enum(['sftp', 'browser', 'api']),
    importedBy: z.string(),
    status: importStatus.describe(
      '`review`: waits until its columns are confirmed. `incomplete`: rows were skipped, or it was cancelled. `failed`: the file cannot be read.',
    ),
    createdAt: instant,
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    progress: z.number().int().describe('Whole percent of the file that has been read.'),
    rows: z.object({
      created: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int().describe('Nothing new in them: profiles as they were, events already known.'),
      skipped: z.number().int(),
    }),
    remarks: z.array(remark),
    trouble: z
      .object({ message: z.string(), advice: z.string() })
      .nullable()
      .describe('Why it failed, or ended early.'),
    fileKept: z.boolean().describe('Once the file is removed, skipped rows cannot be downloaded any more.'),
  })
  .meta({ id: 'Import' });
export type ImportedFile = z.infer<typeof importedFile>;

const text = z
  .string()
  .max(1000)
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed text');

export const importMapping = z
  .strictObject({
    columns: z
      .array(
        z.strictObject({
          header: z.string(),
          target: z.string().max(100).describe('A field such as `email` or `location/city`, `property`, or `ignore`.'),
          property: text.nullable().describe('Name of the property; `parent___child` nests it.'),
          type: z.enum(['text', 'number', 'boolean', 'date', 'list', 'json', 'consent']),
        }),
      )
      .max(1000),
    metric: z.string().min(1).max(127).nullable().describe('Events: of rows without a metric of their own.'),
    integration: z.string().min(1).max(127).nullable(),
  })
  .meta({ id: 'ImportMapping' });
export type ImportMapping = z.infer<typeof importMapping>;

export const importReview = z
  .object({
    mapping: importMapping,
    columns: z.array(
      z.object({
        header: z.string(),
        filled: z.number().int().describe('Cells of the sample that are not empty.'),
        misfits: z.number().int().describe('Cells of the sample that do not fit the type.'),
      }),
    ),
    fields: z.array(z.object({ name: z.string(), header: z.string(), type: z.string() })).describe('Possible targets.'),
    preview: z.array(
      z.object({
        row: z.number().int(),
        cells: z.array(z.string()),
        problem: z.string().nullable().describe('Why the row would be skipped.'),
      }),
    ),
    doubts: z.array(remark).describe('Why somebody must look at it.'),
  })
  .meta({ id: 'ImportReview' });
export type ImportReview = z.infer<typeof importReview>;

const base = '/v1/accounts/{account}/imports';
const params = accountParams.extend({ import: id });
const shared = { tag: 'imports', access: 'account', params } as const;

export const importEndpoints = {
  listImports: endpoint({
    ...shared,
    method: 'GET',
    path: base,
    summary: 'Imports, newest first.',
    params: accountParams,
    query: z.strictObject(pageQuery),
    reply: pageOf(importedFile),
  }),
  uploadImport: endpoint({
    ...shared,
    method: 'POST',
    path: base,
    summary: 'Upload a CSV file; its import begins at once, or waits for a review.',
    status: 201,
    params: accountParams,
    query: z.strictObject({
      object: dataObject,
      fileName: z
        .string()
        .regex(/^[^\p{Cc}/\\]{1,255}$/u, 'must be a file name')
        .default('upload.csv'),
      source: z.enum(['browser', 'api']).default('api'),
    }),
    body: csvUpload,
    reply: importedFile,
  }),
  getImport: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/{import}`,
    summary: 'One import.',
    reply: importedFile,
  }),
  reviewImport: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/{import}/review`,
    summary: 'How the columns of the file are understood, and its first rows.',
    reply: importReview,
  }),
  confirmImport: endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/{import}/confirm`,
    summary: 'Confirm the columns of an import that waits for a review; its rows begin.',
    body: z.strictObject({
      mapping: importMapping,
      remember: z.boolean().default(true).describe('Files with the same headers begin at once from now on.'),
    }),
    reply: importedFile,
  }),
  cancelImport: endpoint({
    ...shared,
    method: 'POST',
    path: `${base}/{import}/cancel`,
    summary: 'End an import. Rows that were in stay in.',
    reply: importedFile,
  }),
  downloadSkipped: endpoint({
    ...shared,
    method: 'GET',
    path: `${base}/{import}/skipped`,
    summary: 'The skipped rows as CSV: their cells, their row in the file, and why.',
    reply: csvDownload,
  }),
};
