import { Button, FileInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import { useChange } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { words } from './words.ts';

type DataObject = 'profiles' | 'events';

export function UploadDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const t = useWords(words);
  const params = useAccountParams();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [object, setObject] = useState<DataObject>('profiles');
  const uploading = useChange(endpoints.uploadImport);
  const upload = (): void => {
    if (!file) return;
    uploading.mutate(
      { params, query: { object, fileName: file.name, source: 'browser' }, body: file },
      { onSuccess: ({ id }) => void navigate({ to: `/a/${params.account}/imports/${id}` }) },
    );
  };
  return (
    <Dialog opened={opened} onClose={close} title={t('uploadTitle')}>
      <Stack>
        {uploading.error && <Failure error={uploading.error} />}
        <div>
          <Text size="sm" fw={500} id="object">
            {t('object')}
          </Text>
          <SegmentedControl
            aria-labelledby="object"
            value={object}
            data={(['profiles', 'events'] as const).map((value) => ({ value, label: t(value) }))}
            onChange={(chosen) => setObject(chosen as DataObject)}
          />
        </div>
        <FileInput
          label={t('file')}
          placeholder={t('chooseFile')}
          accept=".csv,text/csv"
          value={file}
          onChange={setFile}
          clearable
          clearButtonProps={{ 'aria-label': t('remove') }}
        />
        <Button onClick={upload} disabled={!file} loading={uploading.isPending}>
          {t('upload')}
        </Button>
      </Stack>
    </Dialog>
  );
}
