import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import type { Run } from '#contract/history.ts';
import { useAccount } from '../../app/session.ts';
import { useFormats } from '../../i18n/format.ts';
import { useWords } from '../../i18n/words.ts';
import { words } from './words.ts';

/** Rows of the newest runs, oldest first. The same figures stand in the table below, so that nobody needs to see it. */
export function RunChart({ runs }: { runs: readonly Run[] }) {
  const t = useWords(words);
  const formats = useFormats(useAccount()?.timeZone);
  const data = runs
    .toReversed()
    .map((run) => ({ at: formats.exact(run.endedAt ?? run.createdAt), [t('rows')]: run.rows }));
  return (
    <figure aria-label={t('chart')} style={{ margin: 0 }}>
      <BarChart
        h={160}
        data={data}
        dataKey="at"
        series={[{ name: t('rows'), color: 'harbour.7' }]}
        withXAxis={false}
        valueFormatter={formats.number}
        barChartProps={{ accessibilityLayer: false }}
      />
    </figure>
  );
}
