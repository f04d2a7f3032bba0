/** How a command fails: an exit code for scripts, and what, why and what to do for people. */
import { CommanderError } from 'commander';
import { ApiError, NoAnswerError } from '../contract/client.ts';
import { json, plain } from './output.ts';

/** Documented in docs/cli.md; never renumbered. */
export const exitCodes = {
  ok: { code: 0, meaning: 'Done.' },
  failed: { code: 1, meaning: 'Wharf failed, or something unexpected happened.' },
  usage: { code: 2, meaning: 'The command line is not valid.' },
  unreachable: { code: 3, meaning: 'No answer from Wharf at the given URL.' },
  notAllowed: { code: 4, meaning: 'No valid key, or the key does not allow this.' },
  notFound: { code: 5, meaning: 'There is no such account, sync, run, ...' },
  refused: { code: 6, meaning: 'The request is not valid, or does not fit the present state.' },
  unsuccessful: { code: 7, meaning: 'A connection test found a problem, or a watched sync failed.' },
} as const;

export type Ending = keyof typeof exitCodes;

/** A command line that parses but makes no sense, or lacks something. */
export class UsageError extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.name = 'UsageError';
    this.advice = advice;
  }
}

export function endingOf(thrown: unknown): Ending {
  if (thrown instanceof UsageError) return 'usage';
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 'ok' : 'usage';
  if (thrown instanceof NoAnswerError) return 'unreachable';
  if (!(thrown instanceof ApiError)) return 'failed';
  if (thrown.status === 401 || thrown.status === 403) return 'notAllowed';
  if (thrown.status === 404) return 'notFound';
  return thrown.status < 500 ? 'refused' : 'failed';
}

interface Words {
  readonly what: string;
  readonly why: string | null;
  readonly advice: string;
}

export function failureText(thrown: unknown, asJson: boolean): string {
  const { what, why, advice } = wordsOf(thrown);
  if (asJson) return json({ error: factsOf(thrown, { what, why, advice }) });
  const lines = [`Error: ${plain(what)}`];
  if (why !== null) lines.push(`Why: ${plain(why)}`);
  lines.push(`What to do: ${plain(advice)}`);
  return `${lines.join('\n')}\n`;
}

function wordsOf(thrown: unknown): Words {
  if (thrown instanceof ApiError) {
    const { message, advice, externalMessage, code, requestId } = thrown.facts;
    const why = externalMessage ?? (thrown.status >= 500 ? `${code}, request ${requestId}` : null);
    return { what: message, why, advice };
  }
  if (thrown instanceof NoAnswerError) {
    return {
      what: `Wharf could not be reached at ${thrown.url}.`,
      why: thrown.message,
      advice: 'Check that it runs (npm start), or name its address with --url.',
    };
  }
  if (thrown instanceof UsageError) return { what: thrown.message, why: null, advice: thrown.advice };
  return {
    what: thrown instanceof Error ? thrown.message : String(thrown),
    why: null,
    advice: 'Try again; please report it if it lasts.',
  };
}

function factsOf(thrown: unknown, words: Words): object {
  if (thrown instanceof ApiError) return thrown.facts;
  return { code: endingOf(thrown), message: words.what, advice: words.advice };
}
