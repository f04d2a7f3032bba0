/** A disk of a few megabytes and files that can be filled and emptied. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './programs.ts';

export interface SmallDisk extends AsyncDisposable {
  /** Takes all that is left of it: bytes, and names for files. */
  fill(): Promise<void>;
  /** Gives it back. */
  empty(): Promise<void>;
}

/** Names there are on it. */
const files = 50;

export const noSmallDisk = 'only who may mount a file system can fill one';

/** At `folder`, which is made; null where this user may not mount one. Linux only. */
export async function smallDisk(folder: string): Promise<SmallDisk | null> {
  const fillers = join(folder, 'fillers');
  await mkdir(folder, { recursive: true });
  const options = `size=4m,nr_inodes=${files}`;
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).catch(() => null);
  if (mounted?.code !== 0) return null;
  await mkdir(fillers);
  return {
    async fill() {
      // each takes as much as there is room for, whatever is asked
      const bytes = Buffer.alloc(5_000_000);
      for (let n = 0; n < files; n++) await writeFile(join(fillers, String(n)), bytes).catch(() => undefined);
    },
    async empty() {
      await rm(fillers, { recursive: true, force: true });
      await mkdir(fillers);
    },
    async [Symbol.asyncDispose]() {
      const gone = await run('umount', ['--lazy', folder]);
      if (gone.code !== 0) throw new Error(`umount failed: ${gone.err}`);
    },
  };
}
