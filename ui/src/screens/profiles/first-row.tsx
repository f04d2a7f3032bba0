import { Button, Group, Stack } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useAccountParams, useMay } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { words } from './words.ts';

interface FirstRowProps {
  title: string;
  text: string;
  /** What the command is called by a screen reader. */
  label: string;
  path: '/api/profiles' | '/api/events';
  /** The body of the request. */
  data: object;
}

/** How the first profile or event gets here. */
export function FirstRow({ title, text, label, path, data }: FirstRowProps) {
  const t = useWords(words);
  const { account } = useAccountParams();
  const mayImport = useMay('import');
  const mayConfigure = useMay('configure');
  const command = [
    `curl ${window.location.origin}${path}`,
    `-H 'authorization: Klaviyo-API-Key YOUR_KEY'`,
    `-H 'revision: 2026-07-15'`,
    `-H 'content-type: application/vnd.api+json'`,
    `-d '${JSON.stringify({ data })}'`,
  ].join(' \\\n  ');
  const action = (
    <Stack w="100%">
      <CopyBlock text={command} label={label} />
      <Group>
        {mayConfigure && (
          <Button component={Link} to={`/a/${account}/keys`}>
            {t('makeKey')}
          </Button>
        )}
        {mayImport && (
          <Button component={Link} variant="default" to={`/a/${account}/imports`}>
            {t('import')}
          </Button>
        )}
      </Group>
    </Stack>
  );
  return (
    <EmptyState title={title} action={action}>
      {text}
    </EmptyState>
  );
}
