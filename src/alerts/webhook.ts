/** Webhooks as Standard Webhooks has them: https://www.standardwebhooks.com */
import { createHmac, randomBytes } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { storableText } from '../kernel/redact.ts';
import { reachable, Unreachable, type Lookup } from './reachable.ts';

/** What an attempt came to. `final`: trying again would change nothing. */
export interface Outcome {
  readonly delivered: boolean;
  readonly final: boolean;
  readonly answer: string;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

const prefix = 'whsec_';

export function newSecret(): string {
  return prefix + randomBytes(24).toString('base64');
}

/** The value of `webhook-signature`. `seconds` since 1970. */
export function signature(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

export interface Post {
  readonly id: string;
  readonly now: Date;
  readonly body: string;
}

export interface PostOptions {
  readonly privateAddresses: boolean;
  readonly lookup: Lookup;
  readonly webhookTimeoutMs: number;
}

/** One attempt. Never throws for what the other side does. */
export async function post({ url, secret }: Webhook, { id, now, body }: Post, options: PostOptions): Promise<Outcome> {
  const seconds = Math.floor(now.getTime() / 1000);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Wharf',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signature(secret, id, seconds, body),
  };
  const signal = AbortSignal.timeout(options.webhookTimeoutMs);
  try {
    const target = new URL(url);
    const addresses = await reachable(target, options);
    const reply = await sent(target, { headers, body, addresses, signal });
    return outcomeOf(reply.statusCode ?? 0, await beginning(reply));
  } catch (error) {
    if (error instanceof Unreachable) return { delivered: false, final: error.final, answer: error.message };
    return { delivered: false, final: false, answer: signal.aborted ? noAnswer(options) : words(error) };
  }
}

interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly addresses: readonly LookupAddress[];
  readonly signal: AbortSignal;
}

/** Connects to the checked addresses and to no other, whatever the name resolves to by now; follows no redirect. */
function sent(url: URL, { headers, body, addresses, signal }: Sending): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent: false, headers, signal, lookup: pinned(addresses) } as const;
    request(url, options, resolve).on('error', reject).end(body);
  });
}

function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    if (options.all) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family ?? 4);
  };
}

const keptCharacters = 500;

/** The first characters of the body; the rest is not waited for. */
async function beginning(reply: IncomingMessage): Promise<string> {
  reply.setEncoding('utf8');
  let text = '';
  for await (const piece of reply) {
    text += piece;
    if (text.length >= keptCharacters) break;
  }
  reply.destroy();
  return storableText(text.trim(), keptCharacters);
}

function outcomeOf(status: number, body: string): Outcome {
  const answer = body === '' ? String(status) : `${status} ${body}`;
  if (status >= 200 && status < 300) return { delivered: true, final: true, answer };
  if (status >= 300 && status < 400) {
    return { delivered: false, final: true, answer: `${status} The URL leads elsewhere; redirects are not followed.` };
  }
  // 410 Gone: the receiver asks not to be called again
  return { delivered: false, final: status === 410, answer };
}

function noAnswer({ webhookTimeoutMs }: PostOptions): string {
  return `No answer within ${webhookTimeoutMs / 1000} seconds.`;
}

const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was closed before an answer came.',
  EHOSTUNREACH: 'The host could not be reached.',
  ENETUNREACH: 'The host could not be reached.',
};

function words(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return byCode[code] ?? storableText(`The request failed: ${message || code}`, keptCharacters);
}
