import { Button, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Page } from '../../parts/page.tsx';
import { ImportList } from './import-list.tsx';
import { SftpSteps } from './sftp-steps.tsx';
import { UploadDialog } from './upload-dialog.tsx';
import { words } from './words.ts';

/** Data back in: recent imports, upload by browser, the three steps of SFTP. */
export function Imports() {
  const t = useWords(words);
  const may = useMay('import');
  const [uploading, setUploading] = useState(false);
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={may && <Button onClick={() => setUploading(true)}>{t('upload')}</Button>}
    >
      <ImportList />
      {may && (
        <>
          <Title order={2}>{t('overSftp')}</Title>
          <SftpSteps />
        </>
      )}
      <UploadDialog opened={uploading} close={() => setUploading(false)} />
    </Page>
  );
}
