import type { destinationEndpoints } from '../../contract/destinations.ts';
import { noSuch } from './no-such.ts';
import type { Handlers, RestDeps } from './route.ts';

type Deps = Pick<RestDeps, 'exports' | 'destinations'>;

export function destinationRoutes({ exports, destinations }: Deps): Handlers<typeof destinationEndpoints> {
  return {
    listDestinations: async () => ({
      data: Object.values(destinations).map(({ spec }) => ({
        kind: spec.kind,
        label: spec.label,
        fields: spec.fields,
        limits: spec.limits,
      })),
    }),

    setupScript: async ({ params: { kind }, body }) => {
      if (!Object.hasOwn(destinations, kind)) throw noSuch('kind of destination');
      return exports.connections.setup(kind, body.settings);
    },
  };
}
