import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser's request comes from our own page. Browsers send `Origin` with every request that changes something;
 * a page of another site can make them send our cookies, but not another origin. Newer ones also say it outright, in
 * `Sec-Fetch-Site`, which no page can set.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host, 'sec-fetch-site': site = 'same-origin' } = headers;
  if (site !== 'same-origin' || origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  const own = publicUrl === undefined ? null : new URL(publicUrl);
  // somebody on the way can answer for the http twin of an https address
  if (own?.host === from.host) return own.origin === origin;
  return from.host === host;
}
