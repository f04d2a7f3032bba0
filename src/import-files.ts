/* Where uploaded files are kept, by the settings: the same for the service and for the SFTP process. */
import { join } from 'node:path';
import type { Config } from './config.ts';
import { LocalImportFiles, type ImportFiles } from './imports/files.ts';

export async function importFiles(config: Config): Promise<ImportFiles> {
  if (!config.WHARF_STAGE_BUCKET) return new LocalImportFiles(join(config.WHARF_DATA, 'imports'));
  const { BucketImportFiles } = await import('./imports/files-bucket.ts');
  return new BucketImportFiles({
    bucket: config.WHARF_STAGE_BUCKET,
    // beside the staged files, not below them: those are swept by their prefix
    prefix: `${config.WHARF_STAGE_PREFIX.replace(/\/+$/, '')}-imports`,
    region: config.WHARF_STAGE_REGION,
    endpoint: config.WHARF_STAGE_ENDPOINT,
    accessKeyId: config.WHARF_STAGE_ACCESS_KEY_ID,
    secretAccessKey: config.WHARF_STAGE_SECRET_ACCESS_KEY,
  });
}
