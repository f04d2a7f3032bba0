import { AppError } from '../kernel/app-error.ts';
import type { AnyDestination, Destination } from './destination.ts';

/** Hides a destination's settings type behind its own validation. */
export function sealDestination<Settings>(destination: Destination<Settings>): AnyDestination {
  const parse = (input: unknown): Settings => {
    const parsed = destination.spec.settings.safeParse(input);
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
    throw new AppError('SETTINGS_INVALID', {
      summary: problems.map((problem) => `${problem.field}: ${problem.message}`).join('; '),
      details: { problems },
    });
  };
  return {
    spec: destination.spec,
    setup: (settings, context) => destination.setup(settings as Partial<Settings>, context),
    stagedFormat: (input) => destination.stagedFormat(parse(input)),
    credentialsExpire: (input) => destination.credentialsExpire?.(parse(input)) ?? null,
    open: async (input, context) => destination.open(parse(input), context),
  };
}
