import type { AlertAddress, Delivery } from '../../alerts/types.ts';
import type { alertEndpoints } from '../../contract/alerts.ts';
import { iso, type Handlers, type RestDeps } from './route.ts';

export function alertRoutes({
  alerts,
  outboundAddresses,
}: Pick<RestDeps, 'alerts' | 'outboundAddresses'>): Handlers<typeof alertEndpoints> {
  return {
    getAlerts: async ({ caller }) => ({
      addresses: (await alerts.listAddresses(caller.accountId)).map(addressReply),
      sendsMail: alerts.sendsMail,
      outboundAddresses: [...outboundAddresses],
    }),

    addAlertAddress: async ({ caller, body }) => {
      const { address, secret } = await alerts.addAddress(caller.accountId, body);
      return { ...addressReply(address), secret };
    },

    editAlertAddress: async ({ caller, params, body }) =>
      addressReply(await alerts.editAddress(caller.accountId, params.address, body)),

    removeAlertAddress: ({ caller, params }) =>
      alerts.removeAddress(caller.accountId, params.address) as Promise<undefined>,

    testAlertAddress: ({ caller, params }) => alerts.sendTest(caller.accountId, params.address) as Promise<undefined>,

    listAlertDeliveries: async ({ caller, query }) => {
      const { items, nextCursor } = await alerts.listDeliveries(caller.accountId, query);
      return { data: items.map(deliveryReply), next: nextCursor };
    },
  };
}

function addressReply({ topics, createdAt, ...rest }: AlertAddress) {
  return { ...rest, topics: [...topics], createdAt: iso(createdAt) };
}

function deliveryReply({ alertId, facts, at, lastAttemptAt, nextAttemptAt, ...rest }: Delivery) {
  return {
    ...rest,
    id: alertId,
    about: facts.import?.fileName ?? facts.connection?.name ?? null,
    at: iso(at),
    lastAttemptAt: iso(lastAttemptAt),
    nextAttemptAt: iso(nextAttemptAt),
  };
}
