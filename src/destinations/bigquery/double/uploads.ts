/** Uploads with a job: in one piece, or resumable over several connections. */
import { createWriteStream } from 'node:fs';
import { open, rm, stat, truncate } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JobRequest } from './jobs.ts';
import { VendorError } from './vendor-error.ts';

export interface UploadSession {
  readonly id: string;
  readonly path: string;
  readonly caller: string;
  readonly projectId: string;
  readonly request: JobRequest;
  /** Bytes announced; null when not told. */
  readonly total: number | null;
  /** Bytes that have arrived. */
  arrived: number;
  /** What the complete upload was answered with. */
  answer: object | null;
}

export class Uploads {
  readonly #folder: string;
  readonly #sessions = new Map<string, UploadSession>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  begin(caller: string, projectId: string, request: JobRequest, total: number | null): UploadSession {
    const id = randomUUID();
    const session = {
      id,
      path: join(this.#folder, `${id}.upload`),
      caller,
      projectId,
      request,
      total,
      arrived: 0,
      answer: null,
    };
    this.#sessions.set(id, session);
    return session;
  }

  find(id: string | undefined): UploadSession {
    const session = this.#sessions.get(id ?? '');
    if (!session) throw new VendorError(404, 'notFound', 'Upload session not found.');
    return session;
  }

  /** Keeps bytes from an offset on, also those before a connection broke. Resolves to whether all are there. */
  async receive(session: UploadSession, from: number, body: Readable): Promise<boolean> {
    if (from !== session.arrived)
      throw new VendorError(400, 'badRequest', 'The range does not follow what has arrived.');
    if (from > 0) await truncate(session.path, from);
    const file = createWriteStream(session.path, { flags: from === 0 ? 'w' : 'a' });
    try {
      await pipeline(body, file);
    } finally {
      session.arrived = (await stat(session.path)).size;
    }
    return session.total === null || session.arrived === session.total;
  }

  async forget(session: UploadSession): Promise<void> {
    this.#sessions.delete(session.id);
    await rm(session.path, { force: true });
  }

  /** `multipart/related`: the job's JSON, then the file. */
  async receiveMultipart(
    body: Readable,
    contentType: string,
  ): Promise<{ request: JobRequest; path: string; bytes: number }> {
    const [, boundary] = /boundary="?([^";]+)/.exec(contentType) ?? [];
    const whole = Buffer.concat(await body.toArray());
    const mark = Buffer.from(`--${boundary}`);
    const parts: Buffer[] = [];
    for (let at = whole.indexOf(mark); at >= 0;) {
      const next = whole.indexOf(mark, at + mark.length);
      if (next < 0) break;
      // without the line break before the next mark
      parts.push(whole.subarray(at + mark.length, next - 2));
      at = next;
    }
    const [metadata, media] = parts.map((part) => part.subarray(part.indexOf('\r\n\r\n') + 4));
    if (!metadata || !media) throw new VendorError(400, 'badRequest', 'Malformed multipart body.');
    const path = join(this.#folder, `${randomUUID()}.upload`);
    const file = await open(path, 'w');
    await file.write(media);
    await file.close();
    return { request: JSON.parse(metadata.toString('utf8')) as JobRequest, path, bytes: media.length };
  }
}
