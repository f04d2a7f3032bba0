/** What a stand-in does wrong on purpose, told over its control port. */
import { z } from 'zod';

export const faultSchema = z.strictObject({
  /** Regular expression against the label of a call: an operation's name, a statement's text. */
  match: z.string(),
  /** So many matching calls pass first. */
  skip: z.number().int().min(0).default(0),
  /** So many calls meet the fault; then it is gone. */
  times: z.number().int().min(1).default(1),
  does: z.discriminatedUnion('kind', [
    /** Answers with an error of the vendor instead of doing anything. */
    z.strictObject({ kind: z.literal('error'), error: z.record(z.string(), z.unknown()) }),
    /** Cuts the connection, before anything is done, or after all is done and committed but not yet answered. */
    z.strictObject({ kind: z.literal('drop'), when: z.enum(['before', 'after']) }),
    /** Never answers. */
    z.strictObject({ kind: z.literal('hang') }),
    /** Answers so much later. */
    z.strictObject({ kind: z.literal('slow'), ms: z.number().min(0) }),
  ]),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = Fault['does'];

/** The faults still to come. */
export class FaultPlan {
  #faults: { readonly fault: Fault; readonly pattern: RegExp; seen: number }[] = [];

  /** @throws ZodError, SyntaxError */
  add(input: unknown): void {
    const fault = faultSchema.parse(input);
    this.#faults.push({ fault, pattern: new RegExp(fault.match, 's'), seen: 0 });
  }

  clear(): void {
    this.#faults = [];
  }

  /** To be asked once a call. */
  take(label: string): FaultAction | null {
    let taken: FaultAction | null = null;
    for (const entry of this.#faults) {
      if (!entry.pattern.test(label)) continue;
      entry.seen += 1;
      if (entry.seen > entry.fault.skip) taken ??= entry.fault.does;
    }
    this.#faults = this.#faults.filter(({ fault, seen }) => seen < fault.skip + fault.times);
    return taken;
  }
}
