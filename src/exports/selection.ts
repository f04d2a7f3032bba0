/** Rules for what a customer may choose to share. */
import type { Sql } from '../db/database.ts';
import { AppError } from '../kernel/app-error.ts';
import type { History, Selection } from './types.ts';

const days: Readonly<Record<Exclude<History, 'all'>, number>> = { '30d': 30, '90d': 90, '1y': 365 };
const dayMs = 86_400_000;

/** Where the history begins; null = at the first event. */
export function historySince(history: History, now: Date): Date | null {
  return history === 'all' ? null : new Date(now.getTime() - days[history] * dayMs);
}

/** The selection with repeats taken out. @throws AppError INVALID_INPUT naming every wrong field */
export async function checkedSelection(sql: Sql, accountId: number, selection: Selection): Promise<Selection> {
  const clean: Selection = {
    objects: [...new Set(selection.objects)],
    excludedIntegrations: [...new Set(selection.excludedIntegrations)],
    metrics: selection.metrics && [...new Set(selection.metrics)],
    history: selection.history,
  };
  const problems = [
    ...shapeProblems(clean),
    ...(await unknownIds(sql, accountId, 'integration', 'excludedIntegrations', clean.excludedIntegrations)),
    ...(await unknownIds(sql, accountId, 'metric', 'metrics', clean.metrics ?? [])),
  ];
  if (problems.length === 0) return clean;
  throw new AppError('INVALID_INPUT', {
    summary: problems.map((problem) => `${problem.field}: ${problem.message}`).join('; '),
    details: { problems },
  });
}

interface Problem {
  readonly field: string;
  readonly message: string;
}

function shapeProblems(selection: Selection): Problem[] {
  const problems: Problem[] = [];
  if (selection.objects.length === 0) problems.push({ field: 'objects', message: 'choose profiles, events or both' });
  if (selection.objects.some((object) => object !== 'profiles' && object !== 'events')) {
    problems.push({ field: 'objects', message: 'only profiles and events can be chosen' });
  }
  if (selection.history !== 'all' && !Object.hasOwn(days, selection.history)) {
    problems.push({ field: 'history', message: 'must be 30d, 90d, 1y or all' });
  }
  return problems;
}

async function unknownIds(
  sql: Sql,
  accountId: number,
  table: 'integration' | 'metric',
  field: string,
  ids: readonly string[],
): Promise<Problem[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    `select wanted.id from unnest($2::text[]) as wanted(id)
     where not exists (select from ${table} t where t.account_id = $1 and t.id = wanted.id)`,
    [accountId, ids],
  );
  return rows.map(({ id }) => ({ field, message: `there is no ${table} ${id.slice(0, 40)}` }));
}
