/**
 * Signed calls of BigQuery's REST API, over the transport below the vendor's BigQuery library: the methods of that cannot be
 * aborted, and cannot resume an upload.
 */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { JWT } from 'google-auth-library';
import { AppError } from '../../kernel/app-error.ts';
import { retryDelayMs } from '../../kernel/retry-delay.ts';
import { parseServiceAccountKey } from './service-account-key.ts';
import type { BigquerySettings } from './spec.ts';

const googleApi = 'https://bigquery.googleapis.com';
const googleTokenService = 'https://oauth2.googleapis.com/token';
const scope = 'https://www.googleapis.com/auth/bigquery';

/** A call that may be repeated at will: ours all name what they make, so that a repeat finds it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the root of the API, or a whole URL on the same server. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Sent as it is; such a call is made once. */
  readonly stream?: Readable;
  readonly timeoutMs?: number;
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: T;
}

const callTimeoutMs = 60_000;
const maxTries = 4;
const backoff = { firstMs: 200, maxMs: 3000 };

export class Transport {
  readonly #base: string;
  readonly #client: JWT;
  /** Whom it signs in. */
  readonly account: string;
  /** BigQuery's time minus ours at the last answer, in milliseconds; null before the first. */
  clockDifferenceMs: number | null = null;

  constructor(settings: BigquerySettings, endpoint: string | null) {
    const key = parseServiceAccountKey(settings.serviceAccountKey);
    if ('problem' in key) throw new AppError('SETTINGS_INVALID', { summary: key.problem });
    this.account = key.clientEmail;
    this.#base = endpoint ?? googleApi;
    this.#client = new JWT({ email: key.clientEmail, key: key.privateKey, scopes: [scope] });
    if (endpoint !== null) {
      this.#client.transporter.interceptors.request.add({
        resolved: async (options) => {
          if (options.url.href === googleTokenService) options.url = new URL(`${endpoint}/token`);
          return options;
        },
      });
    }
  }

  /** Whether the server answers at all, without credentials. @throws what the network says */
  async reach(signal: AbortSignal): Promise<void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
    const { headers } = await abortable(
      this.#client.transporter.request({
        url: `${this.#base}/discovery/v1/apis/bigquery/v2/rest`,
        method: 'HEAD',
        signal: limited,
        validateStatus: () => true,
      }),
      limited,
    );
    this.#noteTime(headers);
  }

  /** Gets an access token, or makes sure there is one. */
  async signIn(signal: AbortSignal): Promise<void> {
    await abortable(this.#client.getAccessToken(), AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]));
  }

  async call<T>(call: Call, signal: AbortSignal): Promise<Answer<T>> {
    const tries = call.stream ? 1 : maxTries;
    for (let failures = 1; ; failures++) {
      try {
        return await this.#once<T>(call, signal);
      } catch (error) {
        if (signal.aborted || failures >= tries || !mayPass(error)) throw error;
        await sleep(retryDelayMs(failures, backoff), undefined, { signal });
      }
    }
  }

  async #once<T>(call: Call, signal: AbortSignal): Promise<Answer<T>> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(call.timeoutMs ?? callTimeoutMs)]);
    limited.throwIfAborted();
    try {
      const asked = this.#client.request<T>({
        url: this.#url(call),
        method: call.method,
        ...(call.headers ? { headers: { ...call.headers } } : {}),
        ...(call.stream ? { data: call.stream } : call.body ? { data: call.body } : {}),
        signal: limited,
        retry: false,
        // nobody leads a signed call elsewhere; 308 is an upload that is not complete
        redirect: 'manual',
        validateStatus: (status) => (status >= 200 && status < 300) || status === 308,
      });
      const { status, headers, data } = await abortable(asked, limited);
      this.#noteTime(headers);
      return { status, headers, data };
    } catch (error) {
      this.#noteTime((error as { response?: { headers?: Headers } }).response?.headers);
      hideUploadId(error);
      throw error;
    }
  }

  #url({ path, query }: Call): URL {
    const url = new URL(path, `${this.#base}/`);
    // a signed call must not be led elsewhere by an answer
    if (url.origin !== new URL(this.#base).origin) {
      throw new AppError('UNKNOWN', { summary: 'BigQuery named an upload address on another server.' });
    }
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    return url;
  }

  #noteTime(headers: Headers | undefined): void {
    const date = headers?.get('date');
    if (date) this.clockDifferenceMs = Date.parse(date) - Date.now();
  }
}

/** Errors of the network name the whole address, and with an upload's address anybody could go on with it. */
function hideUploadId(thrown: unknown): void {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    error.message = error.message.replaceAll(/(upload_id=)[^&\s]+/g, '$1[redacted]');
  }
}

const passingStatuses = new Set([408, 429, 500, 502, 503, 504]);
const passingReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'backendError', 'internalError']);
const passingCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'TimeoutError',
]);

/** Whether the same call may succeed a moment later. */
function mayPass(error: unknown): boolean {
  const { code, status } = error as { code?: unknown; status?: unknown };
  if (typeof status === 'number')
    return passingStatuses.has(status) || reasonsOf(error).some((r) => passingReasons.has(r));
  return typeof code === 'string' && passingCodes.has(code);
}

/** The reasons an answer of the API names. */
export function reasonsOf(error: unknown): readonly string[] {
  const body = (error as { response?: { data?: { error?: { errors?: { reason?: string }[] } } } }).response?.data
    ?.error;
  return Array.isArray(body?.errors) ? body.errors.flatMap(({ reason }) => reason ?? []) : [];
}

export function statusOf(error: unknown): number | null {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' ? status : null;
}

/** Rejects as soon as the signal aborts, whatever becomes of the promise. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    promise.catch(() => undefined);
  }
}
