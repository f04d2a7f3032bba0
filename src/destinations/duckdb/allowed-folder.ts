import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/**
 * Whether the file lies in the folder or below it, once every symbolic link on both ways is followed. Nothing outside the
 * folder is looked at for a path that already reads as one outside. A folder or parent that is missing is outside.
 */
export function isInFolder(file: string, folder: string): boolean {
  if (!isBelow(resolve(file), resolve(folder))) return false;
  try {
    return isBelow(realFile(resolve(file)), realpathSync(folder));
  } catch {
    return false;
  }
}

/** The file may still have to be made; its folder must be there. */
function realFile(file: string): string {
  const wanted = join(realpathSync(dirname(file)), basename(file));
  try {
    return realpathSync(wanted);
  } catch (error) {
    // a link that leads nowhere would make the file wherever it points
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !isLink(wanted)) return wanted;
    throw error;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}
