/** Users' own stages as folders, and the object store in front of them that drivers upload to. */
import { createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface StagedEntry {
  /** Relative to the stage. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** What a driver needs to upload into one folder, as the answer to PUT tells it. */
export interface UploadTicket {
  readonly token: string;
  readonly masterKey: Buffer;
  readonly folder: string;
}

export class Stages {
  readonly #root: string;
  readonly #tickets = new Map<string, UploadTicket>();

  constructor(root: string) {
    this.#root = root;
  }

  /** @param path below the user's stage, with slashes */
  ticket(user: string, path: string): UploadTicket {
    const ticket = {
      token: randomUUID(),
      masterKey: randomBytes(16),
      folder: this.#folder(user, path),
    };
    this.#tickets.set(ticket.token, ticket);
    return ticket;
  }

  /**
   * Takes an upload: encrypted by the driver with a key of its own, which is wrapped with the ticket's. Resolves to the HTTP
   * status; false tokens and broken ciphers are refused.
   */
  async receive(token: string, name: string, encryption: string, body: Readable): Promise<number> {
    const ticket = this.#tickets.get(token);
    if (!ticket) return 401;
    const { WrappedContentKey, ContentEncryptionIV } = JSON.parse(encryption) as {
      WrappedContentKey: { EncryptedKey: string };
      ContentEncryptionIV: string;
    };
    const unwrap = createDecipheriv('aes-128-ecb', ticket.masterKey, null);
    const key = Buffer.concat([unwrap.update(Buffer.from(WrappedContentKey.EncryptedKey, 'base64')), unwrap.final()]);
    const decipher = createDecipheriv('aes-128-cbc', key, Buffer.from(ContentEncryptionIV, 'base64'));
    const path = join(ticket.folder, basename(name));
    await mkdir(ticket.folder, { recursive: true });
    const partial = `${path}.${randomUUID()}.partial`;
    try {
      await pipeline(body, decipher, createWriteStream(partial));
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return 200;
  }

  /** All files below a path, in order. */
  async list(user: string, path: string): Promise<StagedEntry[]> {
    const root = this.#folder(user, '');
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.partial'));
    const found = await Promise.all(
      files.map(async (entry) => {
        const full = join(entry.parentPath, entry.name);
        const { size, mtime } = await stat(full);
        return { name: relative(root, full), path: full, size, modified: mtime };
      }),
    );
    return found.filter(({ name }) => name.startsWith(path)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(user: string, path: string): Promise<string[]> {
    const files = await this.list(user, path);
    for (const file of files) {
      await rm(file.path, { force: true });
      await rmdir(dirname(file.path)).catch(() => undefined);
    }
    return files.map(({ name }) => name);
  }

  #folder(user: string, path: string): string {
    const home = join(this.#root, createHash('sha256').update(user).digest('hex').slice(0, 16));
    const folder = join(home, path);
    if (folder !== home && !folder.startsWith(`${home}/`)) throw new Error('outside of the stage');
    return folder;
  }
}
