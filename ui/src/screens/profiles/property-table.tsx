import { Button, Code, CopyButton, Group, Table, Text, Title } from '@mantine/core';
import { useWords } from '../../i18n/words.ts';
import { words as sharedWords } from '../../parts/words.ts';
import { indentedJson, jsonMembers } from './json-text.ts';
import { words } from './words.ts';

/** An object of the customer's, member by member, with every digit as it was sent. */
export function PropertyTable({ title, json, empty }: { title: string; json: string; empty: string }) {
  const t = useWords(words);
  const shared = useWords(sharedWords);
  const members = jsonMembers(json);
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{title}</Title>
        {members.length > 0 && (
          <CopyButton value={indentedJson(json)}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? shared('copied') : t('copyJson')}
              </Button>
            )}
          </CopyButton>
        )}
      </Group>
      {members.length === 0 ? (
        <Text c="dimmed">{empty}</Text>
      ) : (
        <Table layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="38%">{t('property')}</Table.Th>
              <Table.Th>{t('value')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
            {members.map(([key, value]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <bdi>{key}</bdi>
                </Table.Td>
                <Table.Td>
                  <PropertyValue name={key} text={value} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

function PropertyValue({ name, text }: { name: string; text: string }) {
  if (text.startsWith('"')) {
    return (
      <Text size="sm" component="bdi" style={{ whiteSpace: 'pre-wrap' }}>
        {JSON.parse(text) as string}
      </Text>
    );
  }
  if (!/^[{[]/.test(text)) return <Code>{text}</Code>;
  return (
    <Code
      block
      tabIndex={0}
      role="region"
      aria-label={name}
      mah={320}
      style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }}
    >
      {indentedJson(text)}
    </Code>
  );
}
