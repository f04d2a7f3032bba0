/** Error rules as data: from what a vendor or this machine says to one of our codes. Used by every `errors.ts`. */
import { AppError, type ErrorCode } from '../kernel/app-error.ts';
import { redactText, storableText } from '../kernel/redact.ts';

/** What the destination was doing; some signals mean other things at other times. */
export type Phase = 'open' | 'check' | 'load';

/**
 * A rule holds when all of its conditions hold. Rules that name a vendor code are tried first, then those that name
 * an SQLSTATE, those with only a pattern last: texts change, codes do not.
 */
export interface ErrorRule {
  readonly code: ErrorCode;
  /** Any of: the driver's error code, its reason, its error name, or Node's errno name. */
  readonly vendorCodes?: readonly string[];
  readonly sqlStates?: readonly string[];
  /** Against the message. Never the only condition where the vendor gives a code. */
  readonly pattern?: RegExp;
  readonly phase?: Phase;
  /** Replaces the code's sentence where the rule knows more. */
  readonly summary?: string;
  readonly advice?: string;
}

/** What rules look at. */
export interface ErrorSignal {
  readonly vendorCodes: readonly string[];
  readonly sqlState: string | null;
  readonly text: string;
  /** The vendor's id of the failed request or query. */
  readonly requestId: string | null;
}

export interface ClassifyOptions {
  /** Values that must not appear in the result: passwords, keys. */
  readonly secrets: Iterable<string>;
  readonly phase: Phase;
  /** Small facts to keep with the error. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Any thrown value as an AppError. What is one already passes; what no rule knows becomes UNKNOWN. The vendor's words
 * are kept, redacted, as `externalMessage`, its request id in `details.requestId`.
 */
export function classify(thrown: unknown, rules: readonly ErrorRule[], options: ClassifyOptions): AppError {
  if (thrown instanceof AppError) return thrown;
  const signal = signalOf(thrown);
  const rule = matchingRules(signal, rules, options.phase)[0];
  return new AppError(rule?.code ?? 'UNKNOWN', {
    ...(rule?.summary ? { summary: rule.summary } : {}),
    ...(rule?.advice ? { advice: rule.advice } : {}),
    externalMessage: storableText(redactText(signal.text, options.secrets)),
    details: { ...options.details, ...(signal.requestId ? { requestId: signal.requestId } : {}) },
    cause: redactedCause(thrown, options.secrets),
  });
}

/** Every rule that holds, the deciding one first. A catalogue's test proves that it is the only one. */
export function matchingRules(signal: ErrorSignal, rules: readonly ErrorRule[], phase: Phase): readonly ErrorRule[] {
  const holding = rules.filter((rule) => holds(rule, signal, phase));
  return [
    ...holding.filter((rule) => rule.vendorCodes),
    ...holding.filter((rule) => !rule.vendorCodes && rule.sqlStates),
    ...holding.filter((rule) => !rule.vendorCodes && !rule.sqlStates),
  ];
}

function holds(rule: ErrorRule, signal: ErrorSignal, phase: Phase): boolean {
  if (rule.phase && rule.phase !== phase) return false;
  if (rule.vendorCodes && !rule.vendorCodes.some((code) => signal.vendorCodes.includes(code))) return false;
  if (rule.sqlStates && (signal.sqlState === null || !rule.sqlStates.includes(signal.sqlState))) return false;
  if (rule.pattern && !rule.pattern.test(signal.text)) return false;
  return Boolean(rule.vendorCodes ?? rule.sqlStates ?? rule.pattern);
}

/** Reads codes, text and request id from a thrown value and everything it wraps (causes, aggregates). */
export function signalOf(thrown: unknown): ErrorSignal {
  const vendorCodes = new Set<string>();
  const texts = new Set<string>();
  let sqlState: string | null = null;
  let requestId: string | null = null;
  const waiting: unknown[] = [thrown];
  for (let depth = 0; waiting.length > 0 && depth < 20; depth++) {
    const error = waiting.shift();
    if (typeof error !== 'object' || error === null) {
      if (error !== undefined && error !== null) texts.add(String(error));
      continue;
    }
    const fields = error as Record<string, unknown>;
    for (const name of ['code', 'Code', 'errno', 'reason', 'name']) {
      const value = fields[name];
      if (typeof value === 'string' || typeof value === 'number') vendorCodes.add(String(value));
    }
    if (typeof fields['sqlState'] === 'string') sqlState ??= fields['sqlState'];
    requestId ??= requestIdOf(fields);
    if (typeof fields['message'] === 'string' && fields['message'] !== '') texts.add(fields['message']);
    waiting.push(fields['cause'], ...(Array.isArray(fields['errors']) ? (fields['errors'] as unknown[]) : []));
  }
  return { vendorCodes: [...vendorCodes], sqlState, text: [...texts].join('\n'), requestId };
}

function requestIdOf(fields: Record<string, unknown>): string | null {
  const metadata = fields['$metadata'] as { requestId?: unknown } | undefined;
  const id = metadata?.requestId ?? fields['requestId'];
  return typeof id === 'string' ? id : null;
}

/** The cause for the log: name and stack without secrets, without the driver's own fields (requests, headers). */
function redactedCause(thrown: unknown, secrets: Iterable<string>): Error {
  const known = [...secrets];
  const source = thrown instanceof Error ? thrown : new Error(String(thrown));
  const cause = new Error(redactText(source.message, known));
  cause.name = source.name;
  cause.stack = redactText(source.stack ?? '', known);
  return cause;
}

const staysTrusted = 'Use an endpoint whose certificate is valid for its name and issued by a known authority.';

/** Signals of this machine and the network, the same for every destination. */
export const sharedRules: readonly ErrorRule[] = [
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'],
    summary: 'The host name could not be resolved.',
    advice: 'Check the host name; if it is right, the sync retries by itself.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['ECONNREFUSED'],
    summary: 'The host refused the connection.',
    advice: 'Check host and port; if they are right, the sync retries by itself.',
  },
  {
    code: 'NETWORK_UNREACHABLE',
    vendorCodes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'],
    summary: 'The connection broke.',
  },
  { code: 'NETWORK_UNREACHABLE', vendorCodes: ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'] },
  { code: 'TIMEOUT', vendorCodes: ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'TimeoutError'] },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ],
    summary: "The server's certificate is not from a known authority.",
    advice: staysTrusted,
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    summary: "The server's certificate is not valid for this name and time.",
    advice: staysTrusted,
  },
  {
    code: 'SETTINGS_INVALID',
    vendorCodes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    summary: 'The server does not speak TLS on this port.',
    advice: 'Check the port, and whether the endpoint is http or https.',
  },
  { code: 'CAPACITY', vendorCodes: ['ENOSPC', 'EDQUOT', 'EFBIG'], summary: 'The disk is full.' },
  {
    code: 'PERMISSION_MISSING',
    vendorCodes: ['EACCES', 'EPERM', 'EROFS'],
    summary: 'The file or folder may not be written by the user that runs Wharf.',
    advice: 'Give that user the right to write there, or choose another path.',
  },
  { code: 'LOAD_FILE_MISSING', vendorCodes: ['ENOENT'], phase: 'load' },
  { code: 'CANCELLED', vendorCodes: ['ABORT_ERR', 'AbortError'] },
];
