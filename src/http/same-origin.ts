import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser's request comes from our own page. Browsers send `Origin` with every request that changes something;
 * a page of another site can make them send our cookies, but not another origin.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host } = headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return true;
  return new URL(origin).host === host;
}
