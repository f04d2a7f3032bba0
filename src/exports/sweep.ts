import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../db/database.ts';
import type { StageStore } from './stage-store.ts';

const graceMs = 6 * 3_600_000;
const batch = 500;

/** Removes staged files that no open chunk names: leftovers of killed workers and cancelled runs. Returns how many. */
export async function sweepStage(db: Database, stage: StageStore, now: Date): Promise<number> {
  let removed = 0;
  let names: string[] = [];
  for await (const name of stage.list(new Date(now.getTime() - graceMs))) {
    names.push(name);
    if (names.length === batch) {
      removed += await removeUnnamed(db, stage, names);
      names = [];
    }
  }
  return removed + (await removeUnnamed(db, stage, names));
}

const scratchGraceMs = 24 * 3_600_000;

/** Removes scratch space of processes that were killed: no load, check or local copy is in use for a day. Returns how many. */
export async function sweepScratch(folder: string, now: Date): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/^(wharf-load-|wharf-check-|staged-)/.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (!found || now.getTime() - found.mtimeMs < scratchGraceMs) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function removeUnnamed(db: Database, stage: StageStore, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const { rows } = await db.query<{ name: string }>(
    `select file ->> 'name' as name from chunk c, json_array_elements(c.files) as file
     where c.state = 'staged' and file ->> 'name' = any ($1::text[])`,
    [names],
  );
  const named = new Set(rows.map((row) => row.name));
  const orphans = names.filter((name) => !named.has(name));
  await stage.remove(orphans);
  return orphans.length;
}
