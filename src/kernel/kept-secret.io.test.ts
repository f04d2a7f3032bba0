import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keptSecret } from './kept-secret.ts';

test('all callers get one secret, and only the owner can read it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-secret-'));
  try {
    const path = join(folder, 'deep', 'secret');
    const secrets = await Promise.all(Array.from({ length: 20 }, () => keptSecret(path)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(await keptSecret(path)).toBe(secrets[0]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['secret']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
