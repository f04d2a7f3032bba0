/** Dates as files write them. */

export type ReadDate =
  | {
      readonly ms: number;
      /** RFC 3339 in the precision it was written in; a date alone stays one. */ readonly text: string;
    }
  | { readonly problem: string };

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)? ?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/;
/** As RFC 3339 writes an instant of UTC, or a date: most files do, and these need not be taken apart. */
const exact = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)?$/;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?$/;
const dayFirst = /^\d{1,2}[-.]\d{1,2}[-.]\d{2,4}\b/;
const seconds = /^-?\d{9,11}(?:\.\d+)?$/;
const milliseconds = /^\d{13}$/;

/** Missing hours, minutes and seconds are 0; without a zone it is UTC. */
export function readDate(cell: string): ReadDate {
  const text = cell.trim();
  if (exact.test(text)) return checked(text);
  const match = iso.exec(text);
  if (match) return isoDate(match);
  const slashed = american.exec(text);
  if (slashed) return americanDate(slashed);
  if (seconds.test(text)) return fromSeconds(Number(text));
  if (milliseconds.test(text)) return { problem: 'looks like milliseconds. Write seconds, or YYYY-MM-DD HH:MM:SS.' };
  if (dayFirst.test(text)) {
    return { problem: 'begins with the day, or with the month: no one can tell. Write YYYY-MM-DD HH:MM:SS.' };
  }
  return { problem: 'is not a date. Write YYYY-MM-DD HH:MM:SS.' };
}

/** Unix seconds are dates only where a date is expected; numbers are more often something else. */
export function looksLikeDate(cell: string): boolean {
  return (iso.test(cell) || american.test(cell)) && 'ms' in readDate(cell);
}

export function isDayFirst(cell: string): boolean {
  return dayFirst.test(cell.trim());
}

function isoDate(match: RegExpExecArray): ReadDate {
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return checked(date);
  const decimals = fraction === '' ? '' : `.${fraction}`;
  return checked(`${date}T${hour}:${minute}:${second}${decimals}${offsetOf(zone)}`);
}

function americanDate(match: RegExpExecArray): ReadDate {
  const [, month = '', day = '', year = '', hour, minute = '00', second = '00'] = match;
  if (Number(month) > 12 && Number(day) <= 12) {
    return { problem: 'has no such month: with slashes the month comes first. Write YYYY-MM-DD.' };
  }
  // as POSIX does: 69 to 99 are of the last century
  const full = year.length === 4 ? year : `${Number(year) < 69 ? '20' : '19'}${year}`;
  const date = `${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const clock = hour === undefined ? '' : `T${hour.padStart(2, '0')}:${minute}:${second}Z`;
  return checked(`${date}${clock}`);
}

function offsetOf(zone: string): string {
  if (zone === 'Z' || zone === 'z' || zone === 'UTC') return 'Z';
  const digits = zone.replace(':', '');
  return `${digits.slice(0, 3)}:${digits.slice(3) || '00'}`;
}

/** Of a text as RFC 3339 has it. JavaScript reads February 30th as March 2nd. */
function checked(text: string): ReadDate {
  const ms = Date.parse(text);
  const date = text.slice(0, 10);
  const isReal =
    !Number.isNaN(ms) && (date.slice(8) <= '28' || new Date(`${date}T00:00:00Z`).toISOString().startsWith(date));
  return isReal ? { ms, text } : { problem: 'is not a day or time that exists.' };
}

function fromSeconds(value: number): ReadDate {
  const ms = Math.round(value * 1000);
  return { ms, text: new Date(ms).toISOString().replace('.000Z', 'Z') };
}
