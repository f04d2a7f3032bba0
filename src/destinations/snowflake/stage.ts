/** Folders of the user's own stage (`@~`), which needs no grant and which nobody else sees. */
import type { StagedBatch } from '../destination.ts';
import type { Link } from './link.ts';
import { listStage, removeFolder } from './sql.ts';

export const stageRoot = 'wharf/';

/** No attempt takes that long: what is older was left by a process that died. */
const orphanAgeMs = 24 * 60 * 60_000;

/** One folder an attempt, so that a replaced worker never writes among the files of the one that replaced it. */
export function attemptFolder(batch: StagedBatch): string {
  return `${stageRoot}${folderName(batch)}/${batch.fence}/`;
}

function folderName(batch: StagedBatch): string {
  return batch.id.replaceAll(/[^\w-]/g, '_');
}

/** Removes what earlier attempts of this batch left, and what anybody left long ago. */
export async function removeLeftovers(link: Link, batch: StagedBatch, signal: AbortSignal): Promise<void> {
  const folders = new Set<string>();
  for (const file of await link.run(listStage(stageRoot), signal)) {
    const [folder = '', name = '', fence = ''] = /^wharf\/([\w-]+)\/(\d+)\//.exec(String(file['name'])) ?? [];
    if (folder === '') continue;
    const ours = name === folderName(batch) && Number(fence) <= batch.fence;
    const age = Date.now() - Date.parse(String(file['last_modified']));
    if (ours || age > orphanAgeMs) folders.add(folder);
  }
  for (const folder of folders) await link.run(removeFolder(folder), signal);
}
