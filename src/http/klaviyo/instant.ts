/** RFC 3339 with a zone, or a date alone (midnight UTC). A space before the offset is a `+` that a client forgot to encode. */
const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s*(Z|z|[+\- ](?:0\d|1[0-4]):?[0-5]\d)?)?$/;

/** What most clients send; on days that every month has, nothing else can be wrong with it. */
const usual = /^[12]\d{3}-\d{2}-(?:0[1-9]|1\d|2[0-8])T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * The instant a text names, as text that PostgreSQL reads with microseconds; UTC where no zone is given.
 * Null when it is not a date and time.
 */
export function readInstant(text: string): string | null {
  if (usual.test(text) && !Number.isNaN(Date.parse(text))) return text;
  const match = pattern.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const date = `${year}-${month}-${day}`;
  const offset = zone === 'z' ? 'Z' : zone.replace(' ', '+').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const iso = `${date}T${hour}:${minute}:${second}${fraction}${offset}`;
  return year !== '0000' && isRealDay(date, Number(day)) && !Number.isNaN(Date.parse(iso)) ? iso : null;
}

/** JavaScript reads February 30th as March 2nd. */
function isRealDay(date: string, day: number): boolean {
  if (day <= 28) return true;
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/** As the API writes times: UTC, `+00:00`, no fraction when it is zero. */
export function writeInstant(instant: Date): string {
  return instant.toISOString().replace('.000Z', 'Z').replace('Z', '+00:00');
}
