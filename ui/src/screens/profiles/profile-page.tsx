import { Alert, Anchor, Box, Group, Paper, SimpleGrid, Skeleton, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import type { ProfileDetails } from '#contract/lookup.ts';
import { ask } from '../../api/api.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { Fact } from '../../parts/fact.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { EventList } from '../events/event-list.tsx';
import { Consents } from './consents.tsx';
import { personName } from './person-name.ts';
import { PropertyTable } from './property-table.tsx';
import { WarehouseChip, WarehouseFacts } from '../row-state/row-state.tsx';
import { words } from './words.ts';

/** One person: fields, properties, consents, what they did, and whether the warehouse knows. */
export function ProfilePage() {
  const t = useWords(words);
  const { account } = useAccountParams();
  const { profile: id = '' } = useParams({ strict: false }) as { profile?: string };
  const params = { account, profile: id };
  const found = useQuery({ ...ask(endpoints.getProfile, { params }), refetchInterval: 5_000 });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={400} radius="md" />;
  const profile = found.data;
  const lead = (
    <Group gap="sm" component="span">
      <Anchor component={Link} to={`/a/${account}/profiles`}>
        {t('back')}
      </Anchor>
      <WarehouseChip state={profile.warehouse} />
    </Group>
  );
  return (
    <Box style={{ overflowWrap: 'anywhere' }}>
      <Page title={personName(profile)} lead={lead}>
        {profile.id !== id && <Alert>{t('mergedInto')}</Alert>}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Details profile={profile} />
          <WarehouseFacts state={profile.warehouse} acceptedAt={profile.updated} />
        </SimpleGrid>
        <PropertyTable title={t('properties')} json={profile.properties} empty={t('noProperties')} />
        {(['location', 'predictiveAnalytics'] as const).map((name) => {
          const json = profile[name];
          return json && <PropertyTable key={name} title={t(name)} json={json} empty="–" />;
        })}
        <Consents consents={profile.consents} />
        <Stack gap="xs">
          <Title order={2}>{t('activity')}</Title>
          <EventList profile={profile.id} />
        </Stack>
      </Page>
    </Box>
  );
}

function Details({ profile }: { profile: ProfileDetails }) {
  const t = useWords(words);
  const facts = [
    [t('email'), profile.email],
    [t('phoneNumber'), profile.phoneNumber],
    [t('externalId'), profile.externalId],
    [t('id'), profile.id],
    [t('organization'), profile.organization],
    [t('jobTitle'), profile.title],
    [t('locale'), profile.locale],
    [t('image'), profile.image],
  ] as const;
  const times = [
    [t('created'), profile.created],
    [t('updated'), profile.updated],
    [t('lastEvent'), profile.lastEventAt],
  ] as const;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('details')}>
      <Stack gap="sm">
        <Title order={2}>{t('details')}</Title>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {facts.map(([label, value]) => value !== null && <Fact key={label} label={label} children={value} />)}
          {times.map(([label, at]) => (
            <Fact key={label} label={label}>
              <RelativeTime at={at} />
            </Fact>
          ))}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}
