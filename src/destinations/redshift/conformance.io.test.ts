import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { sealDestination } from '../seal.ts';
import { startStandIn, type StandInProcess } from '../stand-in/process.ts';
import { conformance } from '../testing/conformance.ts';
import type { Lacks, ReadRow, Rig } from '../testing/rig.ts';
import { administrator } from './double/known.ts';
import { createRedshift } from './redshift.ts';
import type { RedshiftSettings } from './spec.ts';
import { warehouseTables } from './sql.ts';

let standIn: StandInProcess;
beforeAll(async () => {
  standIn = await startStandIn('redshift');
});
afterAll(() => standIn[Symbol.asyncDispose]());

const withoutBucket = {
  stagingBucket: null,
  stagingRegion: null,
  stagingAccessKeyId: null,
  stagingSecretAccessKey: null,
  stagingEndpoint: null,
};

function openRig(staged: boolean) {
  return async (): Promise<Rig> => {
    const made = (await standIn.createWarehouse()) as unknown as RedshiftSettings;
    const settings = staged ? made : { ...made, ...withoutBucket };
    const { host, port, database, schema, username } = made;
    const looking = new pg.Client({ host, port, database, ...administrator });
    await looking.connect();
    const bucket = lookInto(made);
    const table = (name: string): string => `"${schema}"."${name}"`;
    const ask = async (sql: string): Promise<unknown[][]> =>
      (await looking.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

    return {
      kind: 'redshift',
      destination: sealDestination(createRedshift()),
      settings: { ...settings },
      brokenSettings: { ...settings, password: 'not-the-password' },
      secrets: [made.password, made.stagingSecretAccessKey ?? '', 'not-the-password'],
      readBack: async ({ name, columns }) => {
        const values = columns.map(({ name: column, type }) => {
          if (type === 'json') return `JSON_SERIALIZE("${column}")`;
          return type === 'timestamp' ? `TO_CHAR("${column}", 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : `"${column}"::text`;
        });
        const rows = await ask(`SELECT ${values.join(', ')} FROM ${table(name)} ORDER BY "id" COLLATE "C"`);
        return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i]])) as ReadRow);
      },
      inventory: async () => {
        const counts = [];
        for (const { name } of warehouseTables) counts.push([name, await ask(`SELECT COUNT(*) FROM ${table(name)}`)]);
        // temporary tables go with their session, which `isReleased` looks at
        const objects = await ask(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' ORDER BY 1`);
        return [counts, objects, await bucket()];
      },
      isReleased: async () => {
        const sessions = `SELECT COUNT(*) FROM pg_stat_activity WHERE usename = '${username}'`;
        // the server notices a moment later that a client has gone
        for (let i = 0; i < 100 && (await ask(sessions))[0]?.[0] !== '0'; i++) {
          await new Promise((done) => setTimeout(done, 20));
        }
        return (await ask(sessions))[0]?.[0] === '0' && JSON.stringify(await bucket()) === '[[],[]]';
      },
      drift: async ({ name }, column, how) => {
        const change = how === 'drop' ? `DROP COLUMN "${column}"` : `ALTER COLUMN "${column}" TYPE VARCHAR(100)`;
        await ask(`ALTER TABLE ${table(name)} ${change}`);
      },
      [Symbol.asyncDispose]: () => looking.end(),
    };
  };
}

/** Keys in the staging bucket, and uploads that nobody finished. */
function lookInto(settings: RedshiftSettings): () => Promise<unknown> {
  const Bucket = settings.stagingBucket ?? '';
  const client = new S3Client({
    endpoint: settings.stagingEndpoint ?? '',
    region: settings.stagingRegion ?? '',
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings.stagingAccessKeyId ?? '',
      secretAccessKey: settings.stagingSecretAccessKey ?? '',
    },
  });
  return async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    return [Contents.map(({ Key }) => Key), Uploads.map(({ Key }) => Key)];
  };
}

const lacks: Lacks = {
  'adds-columns': 'The user of the set-up script does not own the tables, and only an owner may alter them.',
  'json-text': 'SUPER keeps the meaning of a document, not its bytes.',
  'long-text': 'A VARCHAR, and a string inside a SUPER, take at most 65,535 bytes.',
  'long-json':
    'The document of that case is one string of 5 MB, and a string inside a SUPER takes at most 65,535 bytes.',
};

conformance('Amazon Redshift with a staging bucket', openRig(true), lacks);
conformance('Amazon Redshift with inserts', openRig(false), lacks);
