import { AppError } from '../../kernel/app-error.ts';

/** The one answer for what is not there and for what belongs to another account. */
export function noSuch(thing: string): AppError {
  return new AppError('NOT_FOUND', { summary: `There is no such ${thing} here.` });
}
