import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The secret in a file, made at the first call: 43 random characters, readable by the owner only. Processes that start
 * together agree on one, because a whole file is linked into place and only the first link succeeds.
 */
export async function keptSecret(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => null);
  if (known !== null) return known.trim();
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return (await readFile(path, 'utf8')).trim();
}
