import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

type Secrets = readonly [string, ...string[]];

/** 43 random characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The secret in a file, made at the first call and readable by the owner only; the newest when there are several. Processes
 * that start together agree on one, because a whole file is linked into place and only the first link succeeds.
 */
export async function keptSecret(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => null);
  return secretsIn(path, known ?? (await firstSecret(path)))[0];
}

/** All secrets of the file as it is now, newest first. */
export function readKeptSecrets(path: string): Secrets {
  return secretsIn(path, readFileSync(path, 'utf8'));
}

/** The file holds what it held or all of these, newest first, whenever the machine stops. */
export async function keepSecrets(path: string, secrets: readonly string[]): Promise<void> {
  const draft = await writeDraft(path, secrets);
  await rename(draft, path);
  const folder = await open(dirname(path));
  await folder.sync().finally(() => folder.close());
}

async function firstSecret(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = await writeDraft(path, [newSecret()]);
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}

async function writeDraft(path: string, secrets: readonly string[]): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, secrets.map((secret) => `${secret}\n`).join(''), { mode: 0o600, flush: true });
  return draft;
}

function secretsIn(path: string, text: string): Secrets {
  const [newest, ...older] = text.split('\n').flatMap((line) => line.trim() || []);
  if (newest !== undefined) return [newest, ...older];
  throw new Error(`${path} is empty: restore it from a copy, or remove it so that a new one is made`);
}
