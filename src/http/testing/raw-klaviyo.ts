/** Plain HTTP to the compatible API, for what the official client cannot or will not send. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Null when the answer is empty. */
  readonly json: RawDocument | null;
}

export interface RawDocument {
  readonly data?: unknown;
  readonly links?: Readonly<Record<string, string>>;
  readonly errors?: readonly {
    readonly id: string;
    readonly code: string;
    readonly title: string;
    readonly detail: string;
    readonly source: { readonly pointer?: string; readonly parameter?: string };
    readonly meta: Readonly<Record<string, unknown>>;
  }[];
}

export type RawBody = string | Buffer | object;

export class RawKlaviyo {
  readonly origin: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(origin: string, key: string | null, headers: Readonly<Record<string, string>> = {}) {
    this.origin = origin;
    this.#headers = {
      revision: '2026-07-15',
      ...(key === null ? {} : { authorization: `Klaviyo-API-Key ${key}` }),
      ...headers,
    };
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: RawBody, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
    return this.send('POST', path, body, headers);
  }

  /** Objects are sent as JSON, texts and bytes as they are. An empty header value leaves the header out. */
  async send(
    method: string,
    path: string,
    body?: RawBody,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawAnswer> {
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const type = body === undefined ? {} : { 'content-type': 'application/vnd.api+json' };
    const all = Object.entries({ ...this.#headers, ...type, ...headers }).filter(([, value]) => value !== '');
    const response = await fetch(this.origin + path, {
      method,
      headers: Object.fromEntries(all),
      ...(body === undefined
        ? {}
        : { body: isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text === '' ? null : (JSON.parse(text) as RawDocument),
    };
  }
}
