/** The stand-in for BigQuery; `double.md` says what it is and what it does not prove. */
import { randomInt } from 'node:crypto';
import { runStandIn } from '../stand-in/run.ts';
import type { StandIn, StandInContext } from '../stand-in/stand-in.ts';
import { Cloud } from './double/cloud.ts';
import { Engine } from './double/engine.ts';
import { runScript } from './double/script.ts';
import { serve } from './double/server.ts';
import { Service } from './double/service.ts';
import { Tokens } from './double/tokens.ts';
import { Uploads } from './double/uploads.ts';
import { setupStatements } from './setup.ts';
import { script } from './sql.ts';

export interface BigqueryDouble extends StandIn {
  readonly url: string;
  readonly cloud: Cloud;
  readonly engine: Engine;
  createWarehouse(): Promise<{ name: string; projectId: string; dataset: string; serviceAccountKey: string }>;
  /** Runs statements as the owner of a project. */
  administer(projectId: string, sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

export async function startDouble(context: StandInContext): Promise<BigqueryDouble> {
  const cloud = new Cloud();
  const engine = await Engine.open(context.folder);
  const service = new Service({ ...context, cloud, engine });
  const tokens = new Tokens(cloud);
  const uploads = new Uploads(context.folder);
  const { server, url } = await serve({ ...context, service, tokens, uploads });
  let last = randomInt(100_000);

  const administer = async (projectId: string, sql: string) => {
    const { reader } = await runScript(sql, {
      ...context,
      engine,
      cloud,
      caller: owner,
      scope: { projectId, defaultDataset: null, parameters: new Map() },
      signal: new AbortController().signal,
    });
    return (reader?.getRows() ?? []).map((row) => row.map((value) => (value === null ? null : String(value))));
  };

  return {
    url,
    cloud,
    engine,
    administer,
    options: { endpoints: { bigquery: url } },
    notes: [
      `REST: ${url}/bigquery/v2, uploads: ${url}/upload/bigquery/v2, tokens: ${url}/token (see double.md for curl)`,
      'Sign a JWT with the key of a warehouse as for Google (aud https://oauth2.googleapis.com/token) and trade it for a token.',
    ],
    createWarehouse: async () => {
      last += 1;
      const projectId = `shop-${String(last).padStart(6, '0')}`;
      const project = cloud.addProject(projectId);
      const { email, keyFile } = cloud.addAccount(projectId);
      project.jobUsers.add(email);
      project.datasets.set('klaviyo', { location: 'EU', editors: new Set([owner]) });
      await engine.createDataset(projectId, 'klaviyo');
      await administer(projectId, script(setupStatements({ projectId, dataset: 'klaviyo' }, email)));
      return { name: 'BigQuery', projectId, dataset: 'klaviyo', serviceAccountKey: keyFile };
    },
    [Symbol.asyncDispose]: async () => {
      await service.jobs.stopAll();
      await server.close();
      engine[Symbol.dispose]();
    },
  };
}

const owner = 'owner@example.com';

if (import.meta.main) await runStandIn(startDouble);
