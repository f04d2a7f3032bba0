import { describe, expect, test } from 'vitest';
import { eventTable, profileTable } from '../tables.ts';
import type { Lacks, WithWorkbench } from './conformance.ts';
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
          bench.line(eventTable, { id: keys[i] ?? '', datetime: staged, _change_number: i + 1 }),
        );
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        expect(rows.map((row) => row['datetime'])).toEqual(times.map(([, read]) => read));
      }),
    );

    test(
      'integers keep all 64 bits',
      withWorkbench(async (bench) => {
        const keys = ids('e', integers.length);
        const lines = integers.map((timestamp, i) =>
          bench.line(eventTable, { id: keys[i] ?? '', timestamp, _change_number: 9007199254740993n + BigInt(i) }),
        );
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        expect(rows.map((row) => row['timestamp'])).toEqual(integers.map((value) => value?.toString() ?? null));
        expect(rows[0]?.['_change_number']).toBe('9007199254740993');
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
