/** Snowflake's stand-in: its HTTP protocol over DuckDB. See `double.md`. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { runStandIn } from '../stand-in/run.ts';
import type { StandIn, StandInContext } from '../stand-in/stand-in.ts';
import { Account } from './double/account.ts';
import { Engine } from './double/engine.ts';
import { Locks } from './double/locks.ts';
import { serve } from './double/server.ts';
import { Session, type World } from './double/session.ts';
import { Stages } from './double/stage.ts';
import { execute } from './double/statements.ts';
import { splitScript, tokenize } from './double/tokens.ts';
import { setup } from './setup.ts';

const accountName = 'wharf-standin';
/** In every account there is one; it signs in with the same keys as the users that are made for warehouses. */
const administrator = 'ADMIN';

async function startSnowflake(context: StandInContext): Promise<StandIn> {
  const engine = await Engine.open(context.folder);
  const account = new Account(accountName, (verb, database, schema) => engine.change(verb, database, schema));
  const world: World = {
    account,
    engine,
    stages: new Stages(join(context.folder, 'stages')),
    locks: new Locks(),
    sessions: new Map(),
    storeUrl: '',
  };
  const { server, url } = await serve(world, context);
  world.storeUrl = url;
  const admin = await openAdministrator(world);
  let made = 0;
  return {
    options: { endpoints: { snowflake: url } },
    notes: [
      `Account ${accountName}, address ${url}: any driver of Snowflake, with a key pair.`,
      `The user ${administrator} takes the private key of every warehouse's user and may do everything.`,
    ],
    createWarehouse: async () => {
      made += 1;
      const settings = newSettings(made);
      const script = setup(settings, { outboundAddresses: ['127.0.0.1/32'] }).text;
      for (const statement of splitScript(script)) await runAs(admin, statement);
      const user = account.users.get(settings.username);
      for (const [fingerprint, key] of user?.keys ?? []) admin.user.keys.set(fingerprint, key);
      return { ...settings };
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      for (const session of world.sessions.values()) await session.close();
      engine.close();
    },
  };
}

async function openAdministrator(world: World): Promise<Session> {
  await world.account.run(tokenize(`CREATE USER ${administrator}`), 'ACCOUNTADMIN');
  const user = world.account.users.get(administrator);
  if (!user) throw new Error('no administrator');
  user.defaultRole = 'ACCOUNTADMIN';
  for (const role of ['ACCOUNTADMIN', 'SECURITYADMIN', 'SYSADMIN']) user.roles.add(role);
  return Session.open(world, user, 'ACCOUNTADMIN');
}

async function runAs(session: Session, statement: string): Promise<void> {
  const controller = new AbortController();
  const run = { signal: controller.signal, onBlocked: () => undefined };
  await session.exclusive(controller, () => execute(session, statement, [], run));
}

function newSettings(number: number) {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    name: 'Snowflake',
    username: `WHARF_${number}`,
    privateKey,
    warehouse: `WHARF_WH_${number}`,
    account: accountName,
    database: `WHARF_DB_${number}`,
    schema: 'KLAVIYO',
  };
}

await runStandIn(startSnowflake);
