import { cliManual } from '../src/cli/manual.ts';
import { settingsMarkdown } from '../src/config.ts';
import { openApiDocument } from '../src/contract/openapi.ts';
import { errorsMarkdown } from '../src/destinations/errors-doc.ts';

/** Text by file in docs/. */
export function generatedDocs(): Readonly<Record<string, string>> {
  return {
    'openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
    'cli.md': cliManual(),
    'errors.md': errorsMarkdown(),
    'settings.md': settingsMarkdown(),
  };
}
