/** Every statement Wharf sends to BigQuery, and those of the guide, before Google's own analyser. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '../tables.ts';
import { jsonTexts } from '../testing/value-corpus.ts';
import { storedJson } from './double/json.ts';
import { setupStatements } from './setup.ts';
import * as sql from './sql.ts';
import { stageFields } from './stage.ts';
import { analyserInstalled, startAnalyser, type Analyser, type Catalogue } from './testing/analyser.ts';

const place = { projectId: 'my-shop-123456', dataset: 'klaviyo' };
const stages = ['_wharf_stage_a_1_0', '_wharf_stage_a_1_1'];
const day: sql.Slice = { from: '2026-01-01 00:00:00.000000+00', to: '2026-01-02 23:59:59.999999+00' };

const parameters = {
  batch: 'STRING',
  sync: 'STRING',
  run: 'STRING',
  table: 'STRING',
  from: 'INT64',
  to: 'INT64',
  rows: 'INT64',
  fence: 'INT64',
};

/** The dataset as the set-up script makes it, with staging tables as loads make them. */
function catalogue(staged: keyof typeof tables): Catalogue {
  const all = new Map(Object.values(tables).map((table) => [table.name as string, sql.warehouseColumns(table)]));
  for (const own of sql.ownTables) {
    const lines = [...sql.createOwnTable(place, own).matchAll(/^ {2}`?(\w+)`? ([A-Z\d]+)/gm)];
    all.set(
      own,
      lines.map(([, name = '', type = '']) => ({ name, type })),
    );
  }
  const names: Readonly<Record<string, string>> = { INTEGER: 'INT64', BOOLEAN: 'BOOL' };
  const fields = stageFields(tables[staged]).map(({ name, type }) => ({ name, type: names[type] ?? type }));
  for (const stage of stages) all.set(stage, fields);
  return all;
}

function statementsFor(name: keyof typeof tables): readonly string[] {
  const table = tables[name];
  const plan = { place, table, stages, deletions: true };
  const slices: sql.Slice[] = sql.isPartitioned(table) ? [day, 'timeless'] : ['all'];
  const column = sql.warehouseColumns(table).at(-1) ?? { name: '', type: '' };
  return [
    sql.createTable(place, table),
    sql.addColumn(place, table, column),
    ...sql.replaceColumn(place, table, column).split(';').slice(0, 2),
    sql.renameTable(place, name).replace(';', ''),
    sql.examineStage(place, table, stages),
    sql.examineStage(place, table, stages.slice(1)),
    ...(sql.isPartitioned(table) ? [sql.sliceStarts(place, stages, 3000)] : []),
    ...sql.loadStatements({ ...plan, slices }),
    ...sql.loadStatements({ ...plan, stages: stages.slice(1), deletions: false, slices: [] }),
  ];
}

const general = [
  ...setupStatements(place, 'wharf-sync@my-shop-123456.iam.gserviceaccount.com'),
  sql.findLoaded(place),
  sql.seedLock(place),
  ...sql.probeStatements(place),
  'SELECT 1',
];

function guideStatements(): readonly string[] {
  const guide = readFileSync(new URL('../../../docs/destinations/bigquery.md', import.meta.url), 'utf8');
  return [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split(';').filter((statement) => statement.trim() !== ''),
  );
}

test('the analyser is installed where every test must run', () => {
  expect(analyserInstalled || !process.env['CI'], 'npm ci --prefix tests/analyser').toBe(true);
});

describe.skipIf(!analyserInstalled).each(Object.keys(tables) as (keyof typeof tables)[])(
  'statements for %s',
  (name) => {
    let analyser: Analyser;
    beforeAll(async () => {
      analyser = await startAnalyser(place, catalogue(name), parameters);
    });
    afterAll(() => analyser[Symbol.asyncDispose]());

    test('each is right GoogleSQL, with these tables and types', async () => {
      for (const statement of statementsFor(name))
        expect([statement, await analyser.complaint(statement)]).toEqual([statement, null]);
    });

    test('a wrong one is refused', async () => {
      const merges = statementsFor(name).filter((statement) => statement.startsWith('MERGE'));
      expect(merges.length).toBeGreaterThan(1);
      for (const statement of merges) {
        expect(await analyser.complaint(statement.replaceAll('_change_number', 'change_number'))).toMatch(
          /change_number/,
        );
        expect(await analyser.complaint(statement.replace('batch._change_number', 'batch.id'))).toMatch(
          /signature|type/,
        );
        expect(await analyser.complaint(statement.replace('USING', 'USNG'))).toMatch(/Syntax error/);
      }
    });
  },
);

test.skipIf(!analyserInstalled)('the export of the guide to imports is right', async () => {
  const guide = readFileSync(new URL('../../../docs/imports.md', import.meta.url), 'utf8');
  const statement = /```sql\n(export data [^;]+);/.exec(guide)?.[1] ?? '';
  const shop = { projectId: 'my-shop-123456', dataset: 'shop' };
  const text = ['email', 'customer_id', 'first_name'].map((name) => ({ name, type: 'STRING' }));
  const tags = { name: 'tags', type: 'JSON' };
  await using analyser = await startAnalyser(shop, new Map([['customers', [...text, tags]]]), parameters);
  // the analyser has no project that goes without saying
  const whole = statement.replace('from shop.', `from \`${shop.projectId}\`.shop.`);
  expect(whole).not.toBe(statement);
  expect(await analyser.complaint(whole)).toBe(null);
  expect(await analyser.complaint(whole.replace('customer_id', 'customer'))).toMatch(/customer/);
  expect(await analyser.complaint(whole.replace('options', 'option'))).toMatch(/Syntax error/);
});

describe.skipIf(!analyserInstalled)('other statements, and values', () => {
  let analyser: Analyser;
  beforeAll(async () => {
    analyser = await startAnalyser(place, catalogue('klaviyo_event'), parameters);
  });
  afterAll(() => analyser[Symbol.asyncDispose]());

  test('the set-up script, the ledger, the lock and the check are right', async () => {
    for (const statement of general)
      expect([statement, await analyser.complaint(statement)]).toEqual([statement, null]);
    expect(await analyser.complaint(sql.findLoaded(place).replace('fence', 'fences'))).toMatch(/fences/);
  });

  test('the queries of the guide are right', async () => {
    const statements = guideStatements();
    expect(statements.length).toBeGreaterThan(2);
    for (const statement of statements)
      expect([statement, await analyser.complaint(statement)]).toEqual([statement, null]);
  });

  test('the stand-in gives documents back as Google does', async () => {
    for (const json of jsonTexts) {
      const theirs = await analyser.evaluate(
        `TO_JSON_STRING(PARSE_JSON(${JSON.stringify(json)}, wide_number_mode => 'round'))`,
      );
      // what does not parse lands as a JSON string
      const ours = json.includes('1e400')
        ? "Invalid input to PARSE_JSON: number overflow parsing '1e400'"
        : storedJson(json);
      expect(theirs).toBe(ours);
    }
  });

  test('a document that does not parse lands as a string with its text, nothing stays nothing', async () => {
    const landed = (value: string): string => `TO_JSON_STRING(${sql.jsonValue(value)})`;
    expect(await analyser.evaluate(landed(`'{"e":1e400}'`))).toBe(JSON.stringify('{"e":1e400}'));
    expect(await analyser.evaluate(landed(`'null'`))).toBe('null');
    expect(await analyser.evaluate(`IF((${sql.jsonValue('CAST(NULL AS STRING)')}) IS NULL, 'NULL', 'JSON')`)).toBe(
      'NULL',
    );
    expect(await analyser.evaluate(`IF((${sql.jsonValue("'null'")}) IS NULL, 'NULL', 'JSON')`)).toBe('JSON');
  });

  test('bounds of partitions are times BigQuery can read', async () => {
    for (const micros of [0n, -1n, 1_700_000_000_123_456n, -62_135_596_800_000_000n, 253_402_300_799_999_999n]) {
      const literal = `TIMESTAMP '${sql.timestampText(micros)}'`;
      expect(await analyser.evaluate(`CAST(UNIX_MICROS(${literal}) AS STRING)`)).toBe(String(micros));
    }
  });
});
