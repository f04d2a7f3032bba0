/** A connection and its checks in words. */
import type { CheckStep, Connection } from '../contract/connection.ts';
import { count, facts, plain, time } from './output.ts';

const marks = { passed: 'ok     ', failed: 'FAILED ', skipped: 'skipped' } as const;

export function stepText(step: CheckStep): string {
  const lines = [`${marks[step.outcome]}  ${plain(step.label)}${step.message ? `: ${plain(step.message)}` : ''}`];
  if (step.error) {
    const { message, externalMessage, advice } = step.error;
    lines.push(`         ${plain(message)}`);
    if (externalMessage) lines.push(`         The warehouse says: ${plain(externalMessage)}`);
    lines.push(`         What to do: ${plain(advice)}`);
  }
  return `${lines.join('\n')}\n`;
}

export function connectionFacts(connection: Connection): string {
  const { selection } = connection;
  const settings = Object.entries(connection.settings).map(([name, value]) => {
    const shown = connection.secretsSet.includes(name) ? '(secret, set)' : String(value ?? '');
    return [`  ${name}`, shown] as const;
  });
  const { credentialsExpireAt } = connection;
  const text = facts([
    ['Name', connection.name],
    ['Kind', connection.kind],
    ['Enabled', connection.enabled ? 'yes' : 'no'],
    ['Connected (UTC)', time(connection.connectedAt)],
    ['Last sync (UTC)', time(connection.lastSyncedAt)],
    ['Errors in 24 h', connection.errorsLastDay],
    ['Shared', selection.objects.join(', ')],
    ['Metrics', selection.metrics === null ? 'all' : count(selection.metrics.length)],
    ['Excluded integrations', selection.excludedIntegrations.join(', ') || 'none'],
    ['History', selection.history],
    ...(credentialsExpireAt ? [['Credentials end (UTC)', time(credentialsExpireAt)] as const] : []),
    ...settings,
  ]);
  const warnings = connection.warnings.map(
    ({ message, advice }) => `\nWarning: ${plain(message)}\nWhat to do: ${plain(advice)}\n`,
  );
  return text + warnings.join('');
}
