/* The demo's client of the Klaviyo-compatible API: plain fetch, so that the reader sees what goes over the wire. */

export interface ShopApi {
  readonly url: string;
  readonly key: string;
}

/** POSTs a JSON:API document; waits and tries again when told to slow down. @throws on any other refusal, with its words */
export async function post(api: ShopApi, path: string, body: string): Promise<unknown> {
  return send(api, 'POST', path, body);
}

export async function get(api: ShopApi, path: string): Promise<unknown> {
  return send(api, 'GET', path);
}

async function send(api: ShopApi, method: string, path: string, body?: string): Promise<unknown> {
  for (;;) {
    const reply = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        authorization: `Klaviyo-API-Key ${api.key}`,
        revision: '2026-07-15',
        accept: 'application/vnd.api+json',
        ...(body === undefined ? {} : { 'content-type': 'application/vnd.api+json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    if (reply.ok) return text === '' ? null : JSON.parse(text);
    if (reply.status !== 429) throw new Error(`${method} ${path}: HTTP ${reply.status} ${text.slice(0, 400)}`);
    await new Promise((done) => setTimeout(done, Number(reply.headers.get('retry-after') ?? 1) * 1000));
  }
}

/** Runs `work` over all items, at most `width` at once. */
export async function eachOf<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
