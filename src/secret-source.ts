/* Where the secret keys are, by the settings: the same for the service and for the SFTP process. */
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { SecretSource } from './db/secret-keys.ts';

export function secretSource({ WHARF_SECRET_KEY, WHARF_OLD_SECRET_KEYS, WHARF_DATA }: Config): SecretSource {
  const place =
    WHARF_SECRET_KEY === undefined ? { file: join(WHARF_DATA, 'secret-key') } : { newest: WHARF_SECRET_KEY };
  return { ...place, older: WHARF_OLD_SECRET_KEYS };
}
