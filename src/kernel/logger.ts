import { pino, type Logger as PinoLogger } from 'pino';
import { redactText } from './redact.ts';

/** Structured logger; event names are dotted nouns and verbs (`export.chunk.loaded`), facts are fields. */
export type Logger = PinoLogger;

/** Fields that never reach a log line, wherever they are nested one or two levels deep. */
const secretFields = ['password', 'secret', 'secretAccessKey', 'privateKey', 'token', 'apiKey', 'authorization', 'sas'];

export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    serializers: { err: describeError },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function describeError(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { message: redactText(String(thrown)) };
  return {
    type: thrown.name,
    message: redactText(thrown.message),
    ...('code' in thrown ? { code: thrown.code } : {}),
    ...('externalMessage' in thrown ? { externalMessage: thrown.externalMessage } : {}),
    ...(thrown.cause === undefined ? {} : { cause: describeError(thrown.cause) }),
    stack: redactText(thrown.stack ?? ''),
  };
}
