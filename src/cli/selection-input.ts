import { Option, type Command } from 'commander';
import type { z } from 'zod';
import type { Selection, selection } from '../contract/connection.ts';
import { UsageError } from './failure.ts';

export interface SelectionOptions {
  readonly objects?: string;
  readonly exclude?: string;
  readonly metrics?: string;
  readonly history?: Selection['history'];
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option('--objects <list>', 'profiles, events, or both with a comma between (default: both)')
    .option('--exclude <ids>', 'integrations whose events stay out, with commas between; none: nothing is excluded')
    .option('--metrics <ids>', 'metrics to share, with commas between; all: every one (default: all)')
    .addOption(
      new Option('--history <range>', 'how far back the historical sync of events reaches (default: all)').choices([
        '30d',
        '90d',
        '1y',
        'all',
      ]),
    );
}

/** The selection the options describe; what they do not mention stays as it was before. */
export function readSelection(options: SelectionOptions, before: Selection = everything): Selection {
  return {
    objects: options.objects === undefined ? before.objects : objectList(options.objects),
    excludedIntegrations:
      options.exclude === undefined ? before.excludedIntegrations : listUnless('none', options.exclude, []),
    metrics: options.metrics === undefined ? before.metrics : listUnless('all', options.metrics, null),
    history: options.history ?? before.history,
  };
}

export function touchesSelection(options: SelectionOptions): boolean {
  return [options.objects, options.exclude, options.metrics, options.history].some((option) => option !== undefined);
}

const everything: Selection = {
  objects: ['profiles', 'events'],
  excludedIntegrations: [],
  metrics: null,
  history: 'all',
};

type DataObject = z.output<typeof selection>['objects'][number];

function objectList(text: string): DataObject[] {
  return commaList(text).map((object) => {
    if (object === 'profiles' || object === 'events') return object;
    throw new UsageError(`${object} is not a data object.`, 'Use --objects profiles, events, or profiles,events.');
  });
}

function listUnless<Otherwise>(word: string, text: string, otherwise: Otherwise): string[] | Otherwise {
  return text === word ? otherwise : commaList(text);
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
