import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { SimpleGrid, Text } from '@mantine/core';
import type { Run } from '#contract/history.ts';
import { useAccount } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { runSeconds } from './run-seconds.ts';
import { words } from './words.ts';

/**
 * Rows, duration and freshness of the newest runs that succeeded, oldest first. The same figures stand in the list below, so
 * that nobody needs to see it.
 */
export function RunChart({ runs }: { runs: readonly Run[] }) {
  const t = useWords(words);
  const formats = useFormats();
  const ended = runs.filter(({ status }) => status === 'succeeded').toReversed();
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }}>
      <Bars name={t('rows')} runs={ended} value={(run) => run.rows} text={formats.number} />
      <Bars name={t('duration')} runs={ended} value={runSeconds} text={formats.duration} />
      {ended.some(({ freshnessSeconds }) => freshnessSeconds !== null) && (
        <Bars name={t('freshness')} runs={ended} value={(run) => run.freshnessSeconds} text={formats.duration} />
      )}
    </SimpleGrid>
  );
}

interface BarsProps {
  name: string;
  runs: readonly Run[];
  value: (run: Run) => number | null;
  text: (value: number) => string;
}

function Bars({ name, runs, value, text }: BarsProps) {
  const t = useWords(words);
  const formats = useFormats(useAccount()?.timeZone);
  const data = runs.map((run) => ({ at: formats.exact(run.endedAt ?? run.createdAt), [name]: value(run) }));
  return (
    <figure aria-label={t('chart', { what: name })} style={{ margin: 0, overflow: 'hidden' }}>
      <Text component="figcaption" size="sm" c="dimmed" mb={4}>
        {name}
      </Text>
      <BarChart
        h={140}
        data={data}
        dataKey="at"
        series={[{ name, color: 'harbour.7' }]}
        withXAxis={false}
        yAxisProps={{ width: 64 }}
        valueFormatter={text}
        barChartProps={{ accessibilityLayer: false }}
      />
    </figure>
  );
}
