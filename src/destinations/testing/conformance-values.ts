import { describe, expect, test } from 'vitest';
import { eventTable, profileTable } from '../tables.ts';
import type { Lacks } from './rig.ts';
import type { WithWorkbench } from './workbench.ts';
import { integers, jsonTexts, texts, times } from './value-corpus.ts';

/** Of texts in UTF-8, where `long-text` is lacking. */
const longest = 65_536;

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);

export function valueCases(withWorkbench: WithWorkbench, lacks: Lacks): void {
  describe('values', () => {
    test(
      `JSON comes back ${lacks['json-text'] ? 'with its meaning' : 'byte for byte'}`,
      withWorkbench(async (bench) => {
        const sent = jsonTexts.filter((json) => !lacks['long-text'] || json.length < longest);
        const keys = ids('e', sent.length);
        const lines = sent.map((json, i) =>
          bench.line(eventTable, { id: keys[i] ?? '', event_properties: json, _change_number: i + 1 }),
        );
        await bench.load(await bench.batch(eventTable, lines));
        const rows = await bench.rig.readBack(eventTable);
        const compared = lacks['json-text'] ? meaningOf : (json: string | null): string | null => json;
        expect(rows.map((row) => compared(row['event_properties'] ?? null))).toEqual(sent.map(compared));
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
        const sent = texts.filter((text) => !lacks['long-text'] || (text ?? '').length < longest);
        const keys = ids('p', sent.length);
        const lines = sent.map((text, i) =>
          bench.line(profileTable, { id: keys[i] ?? '', title: text, email: text, _change_number: i + 1 }),
        );
        await bench.load(await bench.batch(profileTable, lines));
        const rows = await bench.rig.readBack(profileTable);
        expect(rows.map((row) => row['title'])).toEqual(sent);
        expect(rows.map((row) => row['email'])).toEqual(sent);
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

    test.skipIf(lacks['long-json'])(
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

/** The document without what a JSON type may change: key order, the spelling of numbers, doubled keys. */
function meaningOf(json: string | null): string | null {
  return json === null ? null : JSON.stringify(sorted(JSON.parse(json)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // the corpus has this key twice; some keep the first, some the last
      .filter(([key]) => key !== 'dup')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** What JSON lines carry and CSV leaves to the destination. */
function derived(id: string, datetime: string | null) {
  return { id, uuid: id, timestamp: datetime && epochSeconds(datetime) };
}

function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
