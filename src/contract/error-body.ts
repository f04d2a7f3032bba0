import { z } from 'zod';

/** Who must act on an error. The same list as the server's kernel; a test holds the two together. */
export const remedy = z.enum(['retry', 'wait', 'fix-settings', 'fix-warehouse', 'fix-data', 'report-bug']);

export const errorFacts = z
  .object({
    code: z.string().describe('Stable code; docs/errors.md lists them all.'),
    message: z.string().describe('What happened, in plain words.'),
    advice: z.string().describe('What to do now.'),
    remedy: remedy.describe('Who must act.'),
    details: z.record(z.string(), z.unknown()).describe('Facts for programs, such as the list of wrong fields.'),
    externalMessage: z.string().optional().describe("The warehouse's own words."),
  })
  .meta({ id: 'ErrorFacts' });
export type ErrorFacts = z.infer<typeof errorFacts>;

/** The body of every reply that is not a success. */
export const errorBody = z
  .object({
    error: errorFacts.extend({ requestId: z.string().describe('Names this request in the log.') }),
  })
  .meta({ id: 'ErrorBody' });
export type ErrorBody = z.infer<typeof errorBody>;
