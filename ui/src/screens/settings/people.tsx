import { Badge, Button, Group, Select, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { Member } from '#contract/people.ts';
import { mayAssign, role as roles, type Role } from '#contract/roles.ts';
import { ask, useChange } from '../../api/api.ts';
import { useAccount, useAccountParams, useMay, usePerson } from '../../app/session.ts';
import { useNotify } from '../../parts/notify.ts';
import { useWords } from '../../i18n/words.ts';
import { ConfirmButton } from '../../parts/confirm-button.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { words } from './words.ts';

export function People() {
  const t = useWords(words);
  const params = useAccountParams();
  const may = useMay('people');
  const [inviting, setInviting] = useState(false);
  const members = useQuery(ask(endpoints.listMembers, { params }));
  return (
    <Page
      title={t('people')}
      lead={t('peopleLead')}
      actions={may && <Button onClick={() => setInviting(true)}>{t('invite')}</Button>}
    >
      {members.error && <Failure error={members.error} retry={() => void members.refetch()} />}
      {members.isPending && <Skeleton height={160} />}
      {members.data && (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={t('people')}>
          <Table verticalSpacing="sm" miw={640}>
            <Table.Thead>
              <Table.Tr>
                {(['name', 'email', 'role', 'since'] as const).map((column) => (
                  <Table.Th key={column}>{t(column)}</Table.Th>
                ))}
                {may && <Table.Th aria-label={t('remove')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {members.data.data.map((member) => (
                <MemberRow key={member.id} member={member} may={may} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {may && <Invitations />}
      <InviteDialog opened={inviting} close={() => setInviting(false)} />
    </Page>
  );
}

function MemberRow({ member, may }: { member: Member; may: boolean }) {
  const t = useWords(words);
  const notify = useNotify();
  const refused = ({ message }: Error): void => notify('refused', message);
  const account = useAccountParams();
  const person = usePerson();
  const own = useAccount()?.role ?? 'analyst';
  const params = { ...account, person: member.id };
  const changing = useChange(endpoints.changeRole);
  const removing = useChange(endpoints.removeMember);
  const choices = roles.options.filter((one) => one === member.role || mayAssign(own, member.role, one));
  const change = (role: Role): void => changing.mutate({ params, body: { role } }, { onError: refused });
  return (
    <Table.Tr>
      <Table.Td>
        {member.name} {member.id === person?.id && <Badge variant="light">{t('you')}</Badge>}
      </Table.Td>
      <Table.Td>{member.email}</Table.Td>
      <Table.Td>
        {may ? (
          <Select
            size="xs"
            w={170}
            aria-label={`${t('role')}: ${member.name}`}
            data={choices.map((one) => ({ value: one, label: t(one) }))}
            value={member.role}
            allowDeselect={false}
            disabled={choices.length === 1}
            onChange={(chosen) => change(chosen as Role)}
          />
        ) : (
          t(member.role)
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={member.since} />
      </Table.Td>
      {may && (
        <Table.Td>
          <ConfirmButton
            label={t('remove')}
            title={t('removeTitle', { name: member.name })}
            text={t('removeText')}
            confirm={() => removing.mutate({ params }, { onError: refused })}
            disabled={!mayAssign(own, member.role, null)}
          />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Invitations() {
  const t = useWords(words);
  const notify = useNotify();
  const refused = ({ message }: Error): void => notify('refused', message);
  const params = useAccountParams();
  const open = useQuery(ask(endpoints.listInvitations, { params })).data?.data ?? [];
  const revoking = useChange(endpoints.revokeInvitation);
  if (open.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2}>{t('invitations')}</Title>
      {open.map(({ id, email, role, expiresAt }) => (
        <Group key={id} justify="space-between">
          <Text>
            {email} · {t(role)} · {t('expires')} <RelativeTime at={expiresAt} />
          </Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => revoking.mutate({ params: { ...params, invitation: id } }, { onError: refused })}
          >
            {t('revoke')}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
