import { AppError } from '../kernel/app-error.ts';
import type { AnyDestination, Destination } from './destination.ts';

/** Hides a destination's settings type behind its own validation. */
export function sealDestination<Settings>(destination: Destination<Settings>): AnyDestination {
  return {
    spec: destination.spec,
    setup: (settings, context) => destination.setup(settings as Partial<Settings>, context),
    open: async (input, context) => {
      const parsed = destination.spec.settings.safeParse(input);
      if (parsed.success) return destination.open(parsed.data, context);
      const problems = parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
      throw new AppError('SETTINGS_INVALID', {
        summary: problems.map((problem) => `${problem.field}: ${problem.message}`).join('; '),
        details: { problems },
      });
    },
  };
}
