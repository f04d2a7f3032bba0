import type { Field } from './engine.ts';
import { projectOf, projectPath, tableOf, type Route } from './route.ts';

const dataset = `${projectPath}/datasets/:dataset`;

interface NewTable {
  readonly tableReference: { readonly tableId: string };
  readonly schema?: { readonly fields?: readonly Field[] };
  readonly expirationTime?: string;
}

export const tableRoutes: readonly Route[] = [
  {
    verb: 'GET',
    path: dataset,
    label: () => 'datasets.get',
    run: async (asked, { service }) => service.dataset(asked.caller, projectOf(asked), tableOf(asked).dataset),
  },
  {
    verb: 'GET',
    path: `${dataset}/tables`,
    label: () => 'tables.list',
    run: async (asked, { service }) => service.tables(asked.caller, projectOf(asked), tableOf(asked).dataset),
  },
  {
    verb: 'POST',
    path: `${dataset}/tables`,
    label: () => 'tables.insert',
    run: async (asked, { service }) => {
      const body = asked.request.body as NewTable;
      return service.createTable(asked.caller, { ...tableOf(asked), table: body.tableReference.tableId }, body);
    },
  },
  {
    verb: 'GET',
    path: `${dataset}/tables/:table`,
    label: (asked) => `tables.get ${tableOf(asked).table}`,
    run: async (asked, { service }) => service.table(asked.caller, tableOf(asked)),
  },
  {
    verb: 'DELETE',
    path: `${dataset}/tables/:table`,
    label: (asked) => `tables.delete ${tableOf(asked).table}`,
    run: async (asked, { service }) => {
      await service.deleteTable(asked.caller, tableOf(asked));
      return asked.reply.code(204).send();
    },
  },
];
