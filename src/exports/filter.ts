/** Which events a run takes: the customer's selection as a condition inside the statement that reads them. */
import pg from 'pg';
import type { Selection } from './types.ts';

/** The part of a selection that concerns events. */
export type EventChoice = Pick<Selection, 'excludedIntegrations' | 'metrics'>;

/** A run's own copy of the choice, so that a later edit does not change a run that is under way. */
export interface EventFilter {
  readonly include: EventChoice;
  /** What the warehouse has already: a back-fill takes only what the edit added. */
  readonly except: EventChoice | null;
}

/**
 * The condition over `event e` as text to append to `from event e`: a join with `metric m` where the choice needs one,
 * so that the metric is judged in the same snapshot as the event. COPY takes no parameters, hence the literals.
 */
export function eventSource(filter: EventFilter): { readonly join: string; readonly condition: string } {
  const conditions = [chosen(filter.include), filter.except && unchosen(filter.except)].filter(Boolean);
  if (conditions.length === 0) return { join: '', condition: '' };
  return {
    join: ' join metric m on m.account_id = e.account_id and m.id = e.metric_id',
    condition: conditions.map((condition) => ` and ${condition}`).join(''),
  };
}

/** True when the edit makes some metric, present or future, part of the sync that was not. */
export function addsEvents(before: EventChoice, after: EventChoice): boolean {
  const unexcluded = before.excludedIntegrations.some((id) => !after.excludedIntegrations.includes(id));
  if (before.metrics === null) return unexcluded;
  if (after.metrics === null) return true;
  const known = new Set(before.metrics);
  return unexcluded || after.metrics.some((id) => !known.has(id));
}

function chosen(choice: EventChoice): string {
  const parts = [
    choice.excludedIntegrations.length > 0 && `m.integration_id <> all (${textArray(choice.excludedIntegrations)})`,
    choice.metrics && `m.id = any (${textArray(choice.metrics)})`,
  ].filter(Boolean);
  return parts.join(' and ');
}

function unchosen(choice: EventChoice): string {
  const condition = chosen(choice);
  return condition ? `not (${condition})` : 'false';
}

function textArray(values: readonly string[]): string {
  return `array[${values.map((value) => pg.escapeLiteral(value)).join(', ')}]::text[]`;
}
