/** `docs/errors.md`, generated: every code with who acts, and what each destination knows more precisely. */
import { errorCodes, type ErrorCode, type Remedy } from '../kernel/app-error.ts';
import { bigqueryRules } from './bigquery/errors.ts';
import type { DestinationKind } from './registry.ts';
import { destinations } from './registry.ts';
import { duckdbRules } from './duckdb/errors.ts';
import { sharedRules, type ErrorRule } from './rules.ts';
import { redshiftRules } from './redshift/errors.ts';
import { s3Rules } from './s3/errors.ts';
import { snowflakeRules } from './snowflake/errors.ts';
import { stagedReaderRules } from './staged-reader.ts';
import { synapseRules } from './synapse/errors.ts';

const catalogues: Record<DestinationKind, readonly ErrorRule[]> = {
  bigquery: bigqueryRules,
  duckdb: duckdbRules,
  redshift: redshiftRules,
  s3: s3Rules,
  snowflake: snowflakeRules,
  synapse: synapseRules,
};

const remedies: Record<Remedy, string> = {
  retry: 'retries by itself',
  wait: 'waits, then goes on by itself; not counted as a failure',
  'fix-settings': 'stops until the connection is corrected',
  'fix-warehouse': 'stops until something is set right in the warehouse',
  'fix-data': 'stops until the data is corrected',
  'report-bug': 'retries a few times; please report it',
};

/** The whole page, the same at every call. */
export function errorsMarkdown(): string {
  const shared = new Set([...sharedRules, ...stagedReaderRules]);
  const sections = Object.entries(catalogues).map(([kind, rules]) =>
    ruleSection(
      destinations[kind as DestinationKind].spec.label,
      rules.filter((rule) => !shared.has(rule)),
    ),
  );
  return [
    '# Errors',
    'Every error has a code, a sentence, what to do, and the words of the warehouse as they came (without secrets).',
    'This page is generated from the code.',
    '## What a sync does about it',
    table(
      ['Remedy', 'The sync'],
      Object.entries(remedies).map(([remedy, text]) => [`\`${remedy}\``, text]),
    ),
    '## Codes',
    table(
      ['Code', 'Remedy', 'Meaning', 'What to do'],
      (Object.keys(errorCodes) as ErrorCode[]).map((code) => {
        const { remedy, summary, advice } = errorCodes[code];
        return [`\`${code}\``, `\`${remedy}\``, summary, advice];
      }),
    ),
    ...sections,
    ruleSection('Any destination: network, certificates, disk, reading staged files', [...shared]),
  ]
    .join('\n\n')
    .concat('\n');
}

function ruleSection(title: string, rules: readonly ErrorRule[]): string {
  const rows = rules.map((rule) => {
    const meaning = errorCodes[rule.code];
    return [signals(rule), `\`${rule.code}\``, rule.summary ?? meaning.summary, rule.advice ?? meaning.advice];
  });
  return `## ${title}\n\n${table(['Signal', 'Code', 'Meaning', 'What to do'], rows)}`;
}

function signals(rule: ErrorRule): string {
  const codes = [...(rule.vendorCodes ?? []), ...(rule.sqlStates ?? []).map((state) => `SQLSTATE ${state}`)];
  const parts = codes.map((code) => `\`${code}\``);
  if (rule.pattern) parts.push(`text like \`${rule.pattern.source}\``);
  return `${parts.join(', ')}${rule.phase ? ` (phase: ${rule.phase})` : ''}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
