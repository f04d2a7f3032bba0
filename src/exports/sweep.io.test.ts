import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepScratch } from './sweep.ts';

test('scratch space of killed processes goes after a day, everything else stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wharf-scratch-'));
  try {
    const now = new Date();
    const old = new Date(now.getTime() - 25 * 3_600_000);
    for (const name of ['wharf-load-old', 'wharf-load-new', 'not-ours-old']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'rows'), 'rows');
    }
    await writeFile(join(folder, 'staged-old'), 'bytes');
    for (const name of ['wharf-load-old', 'not-ours-old', 'staged-old']) await utimes(join(folder, name), old, old);
    expect(await sweepScratch(folder, now)).toBe(2);
    expect((await readdir(folder)).sort()).toEqual(['not-ours-old', 'wharf-load-new']);
    expect(await sweepScratch(join(folder, 'missing'), now)).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
