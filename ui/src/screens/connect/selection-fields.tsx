import { Checkbox, MultiSelect, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Selection } from '#contract/connection.ts';
import { endpoints } from '#contract/endpoints.ts';
import { ask } from '../../api/api.ts';
import { useAllPages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

interface SelectionFieldsProps {
  selection: Selection;
  change: (selection: Selection) => void;
}

/** Data objects, integrations to exclude, selective sync; the last two concern events only. */
export function SelectionFields({ selection, change }: SelectionFieldsProps) {
  const t = useWords(words);
  const params = useAccountParams();
  const integrations = useQuery(ask(endpoints.listIntegrations, { params })).data?.data ?? [];
  const metrics = useAllPages(endpoints.listMetrics, { params, query: { size: 100 } });
  const withEvents = selection.objects.includes('events');
  return (
    <Stack>
      <Checkbox.Group
        label={t('objects')}
        description={t('objectsHelp')}
        value={[...selection.objects]}
        onChange={(objects) => change({ ...selection, objects: objects as Selection['objects'] })}
      >
        <Stack mt="xs" gap="xs">
          <Checkbox value="profiles" label={t('profiles')} description={t('profilesHelp')} />
          <Checkbox value="events" label={t('events')} description={t('eventsHelp')} />
        </Stack>
      </Checkbox.Group>
      {withEvents && (
        <>
          <MultiSelect
            label={t('exclude')}
            description={t('excludeHelp')}
            data={integrations.map(({ id, name }) => ({ value: id, label: name }))}
            value={[...selection.excludedIntegrations]}
            onChange={(excludedIntegrations) => change({ ...selection, excludedIntegrations })}
            searchable
            clearable
          />
          <MultiSelect
            label={t('selective')}
            description={t('selectiveHelp')}
            placeholder={selection.metrics === null ? t('allMetrics') : ''}
            data={metrics.map(({ id, name, integration }) => ({ value: id, label: `${name} · ${integration.name}` }))}
            value={selection.metrics ?? []}
            onChange={(chosen) => change({ ...selection, metrics: chosen.length === 0 ? null : chosen })}
            searchable
            clearable
            limit={100}
          />
        </>
      )}
    </Stack>
  );
}
