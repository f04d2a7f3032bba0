import { Anchor, Skeleton, Stack, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { endpoints } from '#contract/endpoints.ts';
import type { ProfileSummary } from '#contract/lookup.ts';
import { usePages } from '../../api/pages.ts';
import { useAccountParams } from '../../app/session.ts';
import { useWords } from '../../i18n/words.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Older } from '../../parts/older.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { Cell } from './cell.tsx';
import { FirstRow } from './first-row.tsx';
import { fullName } from './person-name.ts';
import { WarehouseChip } from '../row-state/row-state.tsx';
import { words } from './words.ts';

const firstProfile = { type: 'profile', attributes: { email: 'ola@example.com', first_name: 'Ola' } };

export function ProfileList({ search }: { search: string }) {
  const t = useWords(words);
  const params = useAccountParams();
  const query = { size: 50, ...(search ? { search } : {}) };
  const pages = usePages(endpoints.listProfiles, { params, query }, () => 10_000);
  const { items: profiles } = pages;
  if (pages.error && !profiles) return <Failure error={pages.error} retry={pages.retry} />;
  if (!profiles) return <Skeleton height={240} radius="md" />;
  if (profiles.length === 0 && search) return <EmptyState title={t('noMatch')}>{t('noMatchText')}</EmptyState>;
  if (profiles.length === 0) {
    const texts = { title: t('none'), text: t('noneText'), label: t('command') };
    return <FirstRow {...texts} path="/api/profiles" data={firstProfile} />;
  }
  return (
    <Stack gap="xs" align="flex-start">
      <ProfileTable profiles={profiles} />
      <Older pages={pages} />
    </Stack>
  );
}

function ProfileTable({ profiles }: { profiles: readonly ProfileSummary[] }) {
  const t = useWords(words);
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('title')} style={{ width: '100%' }}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {(['name', 'email', 'phoneNumber', 'created', 'updated', 'lastEvent', 'warehouse'] as const).map(
              (column) => (
                <Table.Th key={column}>{t(column)}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {profiles.map((profile) => (
            <ProfileRow key={profile.id} profile={profile} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function ProfileRow({ profile }: { profile: ProfileSummary }) {
  const t = useWords(words);
  const { account } = useAccountParams();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor inherit component={Link} to={`/a/${account}/profiles/${profile.id}`}>
          <Cell>{fullName(profile) ?? t('nameless')}</Cell>
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Cell>{profile.email}</Cell>
      </Table.Td>
      <Table.Td>{profile.phoneNumber}</Table.Td>
      {[profile.created, profile.updated, profile.lastEventAt].map((at, index) => (
        <Table.Td key={index} style={{ whiteSpace: 'nowrap' }}>
          <RelativeTime at={at} />
        </Table.Td>
      ))}
      <Table.Td>
        <WarehouseChip state={profile.warehouse} />
      </Table.Td>
    </Table.Tr>
  );
}
