import { describe, expect, test } from 'vitest';
import { eventTable, profileTable } from '../tables.ts';
import type { Lacks } from './rig.ts';
import type { WithWorkbench } from './workbench.ts';
import { integers, jsonTexts, texts, times } from './value-corpus.ts';

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);

export function valueCases(withWorkbench: WithWorkbench, lacks: Lacks): void {
  describe('values', () => {
    test(
      'JSON comes back byte for byte',
      withWorkbench(async (bench) => {
        const keys = ids('e', jsonTexts.length);
        const lines = jsonTexts.map((json, i) =>
          bench.line(eventTable, { id: keys[i] ?? '', event_properties: json, _change_number: i + 1 }),
        );
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        expect(rows.map((row) => row['event_properties'])).toEqual(jsonTexts);
      }),
    );

    test(
      'several JSON columns stay apart, and nothing is not the JSON null',
      withWorkbench(async (bench) => {
        const row = {
          location: '{"properties":{}}',
          properties: '{"location":1}',
          subscriptions: 'null',
          predictive_analytics: null,
        };
        await bench.load(
          await bench.batch(profileTable, [bench.line(profileTable, { id: 'p', ...row, _change_number: 1 })]),
        );
        const nothing = lacks['json-null'] ? 'null' : null;
        expect(await bench.rig.readBack(profileTable)).toMatchObject([{ ...row, predictive_analytics: nothing }]);
      }),
    );

    test(
      'texts come back as they were, the empty one included',
      withWorkbench(async (bench) => {
        const keys = ids('p', texts.length);
        const lines = texts.map((text, i) =>
          bench.line(profileTable, { id: keys[i] ?? '', title: text, email: text, _change_number: i + 1 }),
        );
        await bench.load(await bench.batch(profileTable, lines));
        const rows = await bench.rig.readBack(profileTable);
        expect(rows.map((row) => row['title'])).toEqual(texts);
        expect(rows.map((row) => row['email'])).toEqual(texts);
      }),
    );

    test(
      'times are UTC to the microsecond',
      withWorkbench(async (bench) => {
        const keys = ids('e', times.length);
        const lines = times.map(([staged], i) =>
          bench.line(eventTable, {
            ...derived(keys[i] ?? '', times[i]?.[1] ?? null),
            datetime: staged,
            _change_number: i + 1,
          }),
        );
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        expect(rows.map((row) => row['datetime'])).toEqual(times.map(([, read]) => read));
        expect(rows.map((row) => row['timestamp'])).toEqual(
          times.map(([, read]) => read && String(epochSeconds(read))),
        );
        expect(rows.map((row) => row['uuid'])).toEqual(keys);
      }),
    );

    test(
      'integers keep all 64 bits',
      withWorkbench(async (bench) => {
        const keys = ids('e', integers.length);
        const lines = integers.map((value, i) => bench.line(eventTable, { id: keys[i] ?? '', _change_number: value }));
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        expect(rows.map((row) => row['_change_number'])).toEqual(integers.map(String));
      }),
    );

    test(
      'a row with 5 MB of JSON passes',
      withWorkbench(async (bench) => {
        const json = `{"blob":"${'\\"'.repeat(2_500_000)}"}`;
        await bench.load(
          await bench.batch(eventTable, [
            bench.line(eventTable, { id: 'e', event_properties: json, _change_number: 1 }),
          ]),
        );
        const [row] = await bench.rig.readBack(eventTable);
        expect(row?.['event_properties'] === json).toBe(true);
      }),
    );
  });
}

/** What JSON lines carry and CSV leaves to the destination. */
function derived(id: string, datetime: string | null) {
  return { id, uuid: id, timestamp: datetime && epochSeconds(datetime) };
}

function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
