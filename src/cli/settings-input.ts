/** Credentials and other settings as given on a command line. */
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Client } from '../contract/client.ts';
import type { DestinationKind, Settings } from '../contract/destinations.ts';
import { endpoints } from '../contract/endpoints.ts';
import { UsageError } from './failure.ts';

export interface SettingsOptions {
  readonly set: readonly string[];
  readonly setFile: readonly string[];
  readonly settings?: string;
}

export function addSettingsOptions(command: Command): Command {
  return command
    .option('--set <name=value>', 'one field; may be repeated', collect, [])
    .option(
      '--set-file <name=file>',
      'one field from a file, for keys and secrets; - reads standard input',
      collect,
      [],
    )
    .option('--settings <file>', 'all fields from a JSON file; - reads standard input');
}

/** Checked against the form of the kind, so that a misspelt field is named at once. */
export async function readSettings(client: Client, kind: string, options: SettingsOptions): Promise<Settings> {
  const spec = await findKind(client, kind);
  const given: Settings = options.settings === undefined ? {} : await readJson(options.settings);
  for (const pair of options.set) {
    const [name, value] = split(pair);
    given[name] = value;
  }
  for (const pair of options.setFile) {
    const [name, file] = split(pair);
    given[name] = (await readInput(file)).replace(/\r?\n$/, '');
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typed(spec, name, value)]));
}

export async function findKind(client: Client, kind: string): Promise<DestinationKind> {
  const { data } = await client.call(endpoints.listDestinations, {});
  const found = data.find((candidate) => candidate.kind === kind);
  if (found) return found;
  throw new UsageError(
    `There is no destination kind ${kind}.`,
    `Choose one of: ${data.map((candidate) => candidate.kind).join(', ')}.`,
  );
}

function typed(spec: DestinationKind, name: string, value: string | number | null): string | number | null {
  const field = spec.fields.find((candidate) => candidate.name === name);
  if (!field) {
    const names = spec.fields.map((candidate) => candidate.name).join(', ');
    throw new UsageError(`${spec.label} has no field ${name}.`, `Its fields are: ${names}.`);
  }
  if (field.input !== 'number' || typeof value !== 'string') return value;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) {
    throw new UsageError(`${name} must be a number.`, `Give one, such as --set ${name}=${field.default ?? 1}.`);
  }
  return number;
}

function split(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  // the value may be a secret: only the name is ever repeated
  if (at < 1) throw new UsageError('A field is given without a value.', 'Write it as name=value.');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

async function readJson(file: string): Promise<Settings> {
  const text = await readInput(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  } catch {
    // the parser's words would quote the file, which holds secrets
  }
  throw new UsageError(`${file} does not hold a JSON object.`, 'Write it as {"field": "value", ...}.');
}

async function readInput(file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const error = new UsageError(`${file} cannot be read.`, 'Check its path and permissions.');
    error.cause = cause;
    throw error;
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
