import { ApiError } from './api-error.ts';

/** The revision whose shapes are served. Older clients get the same answers: later revisions only added to them. */
export const servedRevision = '2026-07-15';

/** The first dated revision of the API. */
const firstRevision = '2022-10-17';

/**
 * Reads the `revision` header: a date between the first revision and the served one, optionally with a suffix (`.pre`).
 * @throws ApiError 400 when it is missing, not a date, or a revision that is not known here
 */
export function readRevision(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string' || header === '') {
    throw refused(`A revision header is required, for example "revision: ${servedRevision}".`);
  }
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:\.[a-z0-9]{1,20})?$/.exec(header) ?? [];
  if (date === undefined || !isCalendarDate(date)) {
    throw refused(`The revision must be a date such as ${servedRevision}.`);
  }
  if (date < firstRevision || date > servedRevision) {
    throw refused(`Revision ${date} is not known; revisions from ${firstRevision} to ${servedRevision} are served.`);
  }
  return header;
}

function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function refused(detail: string): ApiError {
  return new ApiError(400, {
    code: 'invalid_revision',
    title: 'Invalid revision.',
    detail,
    source: { parameter: 'revision' },
  });
}
