import type {
  connectionEndpoints,
  CheckStep as StepReply,
  Connection as ConnectionReply,
} from '../../contract/connection.ts';
import type { CheckStep } from '../../destinations/destination.ts';
import type { Connection } from '../../exports/types.ts';
import { errorFactsOf } from '../error-reply.ts';
import { filled } from './form.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

/** Rows a second before any run has shown its own pace: cautious, so that a first load rather ends sooner than was said. */
const assumedPace = 2_000;

type Deps = Pick<RestDeps, 'exports' | 'destinations'>;

export function connectionRoutes({ exports, destinations }: Deps): Handlers<typeof connectionEndpoints> {
  const { connections } = exports;
  return {
    getConnection: async ({ caller }) => {
      const connection = await connections.get(caller.accountId);
      return { connection: connection && reply(connection) };
    },

    testConnection: ({ caller, body, signal }) =>
      stepReplies(connections.test(caller.accountId, 'saved' in body ? 'saved' : filled(destinations, body), signal)),

    estimate: async ({ caller, body }) => {
      const data = await connections.estimate(caller.accountId, body.selection);
      const rows = data.reduce((sum, table) => sum + table.rows, 0);
      const pace = await exports.runs.rowsPerSecond(caller.accountId);
      return { data, seconds: Math.ceil(rows / (pace ?? assumedPace)), measured: pace !== null };
    },

    connect: async ({ caller, body }) => {
      const input = { ...filled(destinations, body), selection: body.selection };
      return reply(await connections.connect(caller.accountId, input, caller.actor));
    },

    editSettings: async ({ caller, body }) =>
      reply(await connections.editSettings(caller.accountId, body.version, body.settings, caller.actor)),

    editSelection: async ({ caller, body }) =>
      reply(await connections.editSelection(caller.accountId, body.version, body.selection, caller.actor)),

    enableConnection: async ({ caller }) => reply(await connections.setEnabled(caller.accountId, true, caller.actor)),

    disableConnection: async ({ caller }) => reply(await connections.setEnabled(caller.accountId, false, caller.actor)),

    removeConnection: ({ caller }) => connections.remove(caller.accountId, caller.actor) as Promise<undefined>,
  };
}

async function* stepReplies(steps: AsyncIterable<CheckStep>): AsyncGenerator<StepReply> {
  for await (const { error, ...step } of steps) yield { ...step, ...(error ? { error: errorFactsOf(error) } : {}) };
}

function reply(connection: Connection): ConnectionReply {
  const { connectedAt, lastSyncedAt, credentialsExpireAt, ...rest } = connection;
  return {
    ...rest,
    connectedAt: iso(connectedAt),
    lastSyncedAt: iso(lastSyncedAt),
    credentialsExpireAt: iso(credentialsExpireAt),
  };
}
