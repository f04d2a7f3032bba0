import { Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../i18n/words.ts';
import { CopyBlock } from '../../parts/copy-block.tsx';
import { exportStatements } from './export-statements.ts';
import { words } from './words.ts';

const warehouses = Object.keys(exportStatements);

/** A statement to start from, for the warehouse that is chosen. */
export function ExportExample() {
  const t = useWords(words);
  const [warehouse, setWarehouse] = useState(warehouses[0] ?? '');
  return (
    <Stack gap="xs" mt="xs">
      <Select
        label={t('exportFrom')}
        data={warehouses}
        value={warehouse}
        allowDeselect={false}
        maw={300}
        onChange={(chosen) => setWarehouse(chosen ?? warehouse)}
      />
      <CopyBlock text={exportStatements[warehouse] ?? ''} label={t('exportStatement')} />
    </Stack>
  );
}
