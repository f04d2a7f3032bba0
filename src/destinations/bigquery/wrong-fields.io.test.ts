import { createDestinations } from '../registry.ts';
import { proveWrongFields } from '../testing/wrong-fields.ts';
import { startTestDouble } from './testing/test-double.ts';
import { bigqueryWrongFields, type BigqueryBench } from './wrong-fields.ts';

proveWrongFields(
  'Google BigQuery',
  async (): Promise<BigqueryBench> => {
    const double = await startTestDouble();
    const settings = await double.createWarehouse();
    const { client_email: email } = JSON.parse(settings.serviceAccountKey) as { client_email: string };
    let endpoint = double.url;
    const destination = (): ReturnType<typeof createDestinations>['bigquery'] =>
      createDestinations({ endpoints: { bigquery: endpoint } }).bigquery;
    return {
      double,
      settings,
      email,
      destination: { ...destination(), open: (typed, context) => destination().open(typed, context) },
      setEndpoint: (url) => {
        endpoint = url;
      },
      alter: async (table, statement) => {
        const path = `\`${settings.projectId}\`.\`${settings.dataset}\`.\`${table}\``;
        await double.administer(settings.projectId, statement.replace('$', path));
      },
      [Symbol.asyncDispose]: () => double[Symbol.asyncDispose](),
    };
  },
  bigqueryWrongFields,
);
