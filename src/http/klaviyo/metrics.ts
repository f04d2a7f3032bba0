import { getMetric, listMetrics, type Metric } from '../../store/metrics.ts';
import { notFound } from './api-error.ts';
import { idOf, type Call, type Handlers } from './call.ts';
import { decodeCursor } from './cursor.ts';
import { address, collection, relationship, single, sparse, type Resource } from './document.ts';
import { writeInstant } from './instant.ts';

/** Metrics, in order of id. They come into being with their first event. */
export const metricHandlers: Handlers<'get_metrics' | 'get_metric'> = {
  async get_metrics(call) {
    const { query, url } = call;
    const equal = (field: string): string | undefined => {
      const values = query.conditions.filter((condition) => condition.field === field).map(({ values }) => values[0]);
      return values.length === 0 ? undefined : String(values[0]);
    };
    const [integrationName, integrationCategory] = [equal('integration.name'), equal('integration.category')];
    const metrics = await listMetrics(call.db, call.account.id, {
      ...(integrationName === undefined ? {} : { integrationName }),
      ...(integrationCategory === undefined ? {} : { integrationCategory }),
      ...(query.cursor === null ? {} : { after: decodeCursor(query.cursor, query.scope, 'text').id }),
      size: query.pageSize + 1,
    });
    const rows = metrics.slice(0, query.pageSize);
    const last = metrics.length > query.pageSize ? rows.at(-1) : undefined;
    const page = { rows, next: last ? { key: '', id: last.id } : null, prev: null };
    const data = rows.map((metric) => metricResource(call, metric));
    return { status: 200, document: collection(url, query, page, data, includedFlows(call)) };
  },

  async get_metric(call) {
    const id = idOf(call);
    const metric = await getMetric(call.db, call.account.id, id);
    if (!metric) throw notFound('metric', id);
    return { status: 200, document: single(call.url, metricResource(call, metric), includedFlows(call)) };
  },
};

export function metricResource(call: Call, metric: Metric): Resource {
  const { id, name, created, updated, integration } = metric;
  const attributes = {
    name,
    created: writeInstant(created),
    updated: writeInstant(updated),
    integration: { object: 'integration', ...integration },
  };
  return {
    type: 'metric',
    id,
    attributes: sparse(attributes, call.query.fields.get('metric')),
    relationships: { 'flow-triggers': relationship(call.url, ['metrics', id], 'flow-triggers', []) },
    links: { self: address(call.url, 'metrics', id) },
  };
}

/** Wharf runs no flows: what may be included is always empty. */
function includedFlows(call: Call): [] | undefined {
  return call.query.include.size > 0 ? [] : undefined;
}
