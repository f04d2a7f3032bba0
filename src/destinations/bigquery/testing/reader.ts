/**
 * Reads a table over the REST API by the rule of `docs/destinations/bigquery.md`, as somebody without Wharf would: a token for
 * a signed assertion, then a query. A document that is a JSON string which holds a JSON object is that object's text.
 */
import { createSign } from 'node:crypto';
import type { TableSpec } from '../../destination.ts';
import type { ReadRow } from '../../testing/rig.ts';
import type { Place } from '../sql.ts';

export interface Reader {
  readonly url: string;
  readonly serviceAccountKey: string;
}

export async function accessToken({ url, serviceAccountKey }: Reader): Promise<string> {
  const key = JSON.parse(serviceAccountKey) as { client_email: string; private_key: string };
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: key.client_email,
    scope: 'https://www.googleapis.com/auth/bigquery',
    aud: 'https://oauth2.googleapis.com/token',
    iat: now,
    exp: now + 3600,
  };
  const unsigned = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const assertion = `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key.private_key, 'base64url')}`;
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const reply = await fetch(`${url}/token`, { method: 'POST', body });
  return ((await reply.json()) as { access_token: string }).access_token;
}

export async function readTable(reader: Reader, place: Place, table: TableSpec): Promise<ReadRow[]> {
  const token = await accessToken(reader);
  const names = table.columns.map(({ name }) => `\`${name}\``).join(', ');
  const reply = await fetch(`${reader.url}/bigquery/v2/projects/${place.projectId}/queries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `SELECT ${names} FROM \`${place.projectId}.${place.dataset}.${table.name}\` ORDER BY id`,
      useLegacySql: false,
      formatOptions: { useInt64Timestamp: true },
    }),
  });
  const { rows = [] } = (await reply.json()) as { rows?: { f: { v: string | null }[] }[] };
  return rows.map(({ f }) =>
    Object.fromEntries(table.columns.map(({ name, type }, i) => [name, comparable(f[i]?.v ?? null, type)])),
  );
}

function comparable(value: string | null, type: TableSpec['columns'][number]['type']): string | null {
  if (value === null) return null;
  if (type === 'timestamp') return isoTime(BigInt(value));
  return type === 'json' ? documentText(value) : value;
}

function documentText(json: string): string {
  if (!json.startsWith('"')) return json;
  const inner = JSON.parse(json) as string;
  return inner.startsWith('{') ? inner : json;
}

function isoTime(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19);
  return `${whole}.${String(fraction).padStart(6, '0')}Z`;
}
