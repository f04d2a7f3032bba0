import { JsonText, objectMembers, nullText } from '../../kernel/json-text.ts';
import type { ProfileRow } from '../../store/profile-reads.ts';
import { neverSubscribed } from '../../store/subscriptions.ts';
import type { Call } from './call.ts';
import { address, relationship, sparse, type Resource } from './document.ts';
import { locationMembers } from './field-sets.ts';
import { writeInstant } from './instant.ts';

/** A profile as the API shows it. Subscriptions and predictive analytics only when they are asked for. */
export function profileResource(call: Call, row: ProfileRow): Resource {
  const fields = call.query.fields.get('profile');
  const wants = (name: string): boolean =>
    call.query.additional.has(name) || !!fields?.some((field) => field.split('.')[0] === name);
  const attributes = {
    email: row.email,
    phone_number: row.phone_number,
    external_id: row.external_id,
    first_name: row.first_name,
    last_name: row.last_name,
    organization: row.organization,
    locale: row.locale,
    title: row.title,
    image: row.image,
    created: writeInstant(row.created),
    updated: writeInstant(row.updated),
    last_event_date: row.last_event_date && writeInstant(row.last_event_date),
    location: wholeLocation(row.location),
    properties: new JsonText(row.properties),
    ...(wants('subscriptions') ? { subscriptions: orDefault(row.subscriptions, neverSubscribed) } : {}),
    ...(wants('predictive_analytics')
      ? { predictive_analytics: orDefault(row.predictive_analytics, nothingPredicted) }
      : {}),
  };
  // additional fields come with a sparse fieldset, too
  const wanted = fields && [...fields, ...call.query.additional];
  return { ...profileFrame(call, row.id), attributes: sparse(attributes, wanted) };
}

const foreignRelations = ['lists', 'segments', 'push-tokens', 'conversations'];

function profileFrame(call: Call, id: string): Omit<Resource, 'attributes'> {
  return {
    type: 'profile',
    id,
    relationships: Object.fromEntries(
      foreignRelations.map((name) => [name, relationship(call.url, ['profiles', id], name, [])]),
    ),
    links: { self: address(call.url, 'profiles', id) },
  };
}

/** Every member is present, as in the original; what was sent stands as it was sent. */
function wholeLocation(text: string | null): Record<string, unknown> {
  const stored = new Map(text === null ? [] : objectMembers(new JsonText(text)));
  return Object.fromEntries(locationMembers.map((name) => [name, stored.get(name) ?? nullText]));
}

function orDefault(text: string | null, fallback: object): object {
  return text === null ? fallback : new JsonText(text);
}

const nothingPredicted = {
  historic_clv: null,
  predicted_clv: null,
  total_clv: null,
  historic_number_of_orders: null,
  predicted_number_of_orders: null,
  average_days_between_orders: null,
  average_order_value: null,
  churn_probability: null,
  expected_date_of_next_order: null,
  ranked_channel_affinity: null,
};
