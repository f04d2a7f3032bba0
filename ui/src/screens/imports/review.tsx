import { Alert, Button, Checkbox, List, Select, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints } from '#contract/endpoints.ts';
import type { ImportMapping, ImportReview } from '#contract/imports.ts';
import { ask, useChange } from '../../api/api.ts';
import { useMay } from '../../app/session.ts';
import { useSentences } from '../../i18n/sentences.ts';
import { useWords } from '../../i18n/words.ts';
import { Failure } from '../../parts/failure.tsx';
import { words } from './words.ts';

interface ReviewParams {
  readonly account: string;
  readonly import: string;
}

/** What the columns mean, to be confirmed by a person. */
export function Review({ params }: { params: ReviewParams }) {
  const found = useQuery({ ...ask(endpoints.reviewImport, { params }), staleTime: Number.POSITIVE_INFINITY });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={300} />;
  return <ReviewForm params={params} review={found.data} />;
}

function ReviewForm({ params, review }: { params: ReviewParams; review: ImportReview }) {
  const t = useWords(words);
  const may = useMay('import');
  const [mapping, setMapping] = useState<ImportMapping>(review.mapping);
  const [remember, setRemember] = useState(true);
  const confirming = useChange(endpoints.confirmImport);
  const change = (index: number, to: Partial<ImportMapping['columns'][number]>): void =>
    setMapping({ ...mapping, columns: mapping.columns.map((one, at) => (at === index ? { ...one, ...to } : one)) });
  return (
    <Stack>
      <Title order={2}>{t('reviewTitle')}</Title>
      <Text c="dimmed">{t('reviewLead')}</Text>
      <Doubts review={review} />
      {confirming.error && <Failure error={confirming.error} />}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('reviewTitle')}>
        <Table miw={640}>
          <Table.Thead>
            <Table.Tr>
              {(['column', 'field', 'type'] as const).map((column) => (
                <Table.Th key={column}>{t(column)}</Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mapping.columns.map((column, index) => (
              <ColumnRow
                key={`${index} ${column.header}`}
                column={column}
                review={review}
                misfits={review.columns[index]?.misfits ?? 0}
                change={(to) => change(index, to)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {mapping.metric !== null && (
        <TextInput
          label={t('metric')}
          maw={400}
          value={mapping.metric}
          onChange={(event) => setMapping({ ...mapping, metric: event.currentTarget.value })}
        />
      )}
      <Preview review={review} />
      {may && (
        <>
          <Checkbox
            label={t('remember')}
            checked={remember}
            onChange={(event) => setRemember(event.currentTarget.checked)}
          />
          <Button
            w="fit-content"
            loading={confirming.isPending}
            onClick={() => confirming.mutate({ params, body: { mapping, remember } })}
          >
            {t('confirm')}
          </Button>
        </>
      )}
    </Stack>
  );
}

interface ColumnRowProps {
  column: ImportMapping['columns'][number];
  review: ImportReview;
  misfits: number;
  change: (to: Partial<ImportMapping['columns'][number]>) => void;
}

const types = ['text', 'number', 'boolean', 'date', 'list', 'json', 'consent'] as const;

function ColumnRow({ column, review, misfits, change }: ColumnRowProps) {
  const t = useWords(words);
  const targets = [
    { value: 'property', label: t('property') },
    { value: 'ignore', label: t('ignore') },
    ...review.fields.map(({ name, header }) => ({ value: name, label: header })),
  ];
  const choose = (target: string): void => {
    const field = review.fields.find(({ name }) => name === target);
    const type = field ? { type: field.type as (typeof types)[number] } : {};
    change({ target, property: target === 'property' ? column.header : null, ...type });
  };
  return (
    <Table.Tr>
      <Table.Td>{column.header}</Table.Td>
      <Table.Td>
        <Select
          size="xs"
          searchable
          aria-label={`${t('field')}: ${column.header}`}
          data={targets}
          value={column.target}
          allowDeselect={false}
          onChange={(chosen) => choose(chosen ?? column.target)}
        />
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          aria-label={`${t('type')}: ${column.header}`}
          data={types.map((value) => ({ value, label: t(value === 'date' ? 'dateType' : value) }))}
          value={column.type}
          disabled={column.target !== 'property'}
          allowDeselect={false}
          onChange={(chosen) => change({ type: chosen as (typeof types)[number] })}
        />
      </Table.Td>
      <Table.Td>
        <Text size="sm" c={misfits > 0 ? 'red' : 'dimmed'}>
          {misfits > 0 ? t('misfits', { count: misfits }) : t('fits')}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function Doubts({ review }: { review: ImportReview }) {
  const t = useWords(words);
  const say = useSentences();
  if (review.doubts.length === 0) return null;
  return (
    <Alert color="orange">
      <List size="sm">
        {review.doubts.map(({ row, column, message }) => (
          <List.Item key={`${row} ${column} ${message}`}>
            {[row === null ? null : t('row', { row }), column, say(message)].filter(Boolean).join(' · ')}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Preview({ review }: { review: ImportReview }) {
  const say = useSentences();
  const t = useWords(words);
  return (
    <Stack gap="xs">
      <Title order={2}>{t('preview')}</Title>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t('preview')}>
        <Table withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>#</Table.Th>
              {review.mapping.columns.map(({ header }, index) => (
                <Table.Th key={`${index} ${header}`}>{header}</Table.Th>
              ))}
              <Table.Th>{t('problem')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {review.preview.map(({ row, cells, problem }) => (
              <Table.Tr key={row}>
                <Table.Td>{row}</Table.Td>
                {cells.map((cell, index) => (
                  <Table.Td key={`${row} ${index}`}>{cell}</Table.Td>
                ))}
                <Table.Td>{problem && say(problem)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  );
}
