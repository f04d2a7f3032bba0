/** Reads a shared access signature (SAS): what it allows and until when, without asking the store. */

export interface SharedAccess {
  /** Without the leading `?`. */
  readonly token: string;
  readonly expires: Date | null;
}

/** What loading needs, by letter: each with its use. */
const neededRights = [
  ['r', 'read'],
  ['c', 'create'],
  ['w', 'write'],
  ['d', 'delete'],
  ['l', 'list'],
] as const;

export function parseSas(text: string): SharedAccess {
  const token = text.trim().replace(/^\?/, '');
  const ends = fieldsOf(token).get('se');
  const expires = ends === undefined ? Number.NaN : Date.parse(ends);
  return { token, expires: Number.isNaN(expires) ? null : new Date(expires) };
}

/** What is wrong with it, as a sentence a person can act on; null when nothing is. Time is not looked at. */
export function problemOf(text: string): string | null {
  const fields = fieldsOf(parseSas(text).token);
  if (!fields.has('sv') || !fields.has('sig')) {
    return 'Enter the whole shared access signature: it starts with sv= or sp= and has sig= in it.';
  }
  if (!/^[A-Za-z0-9+/]{43}=$/.test(fields.get('sig') ?? '')) {
    return 'The signature (sig=) is incomplete; copy the shared access signature again.';
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(fields.get('sv') ?? '')) return 'The service version (sv=) must be a date.';
  return scopeProblem(fields) ?? rightsProblem(fields) ?? timeProblem(fields) ?? protocolProblem(fields);
}

function scopeProblem(fields: ReadonlyMap<string, string>): string | null {
  const resource = fields.get('sr');
  if (resource !== undefined) {
    return resource === 'c' ? null : 'It must be made for the container (sr=c), not for a single blob or folder.';
  }
  if (!fields.has('ss'))
    return 'It does not say what it is for: neither sr= (a container) nor ss= (an account) is there.';
  if (!fields.get('ss')?.includes('b')) return 'An account signature must allow the blob service (ss with b).';
  const types = fields.get('srt') ?? '';
  if (types.includes('c') && types.includes('o')) return null;
  return 'An account signature must allow containers and objects (srt with c and o).';
}

/** Of a stored access policy (`si`) the store alone knows rights and end. */
function rightsProblem(fields: ReadonlyMap<string, string>): string | null {
  const rights = fields.get('sp');
  if (rights === undefined) return fields.has('si') ? null : 'The permissions (sp=) are missing.';
  const missing = neededRights.filter(([letter]) => !rights.includes(letter));
  if (missing.length === 0) return null;
  const names = missing.map(([letter, name]) => `${name} (${letter})`).join(', ');
  return `It lacks permissions: ${names}. Make one with read, create, write, delete and list (sp=rcwdl).`;
}

function timeProblem(fields: ReadonlyMap<string, string>): string | null {
  const ends = fields.get('se');
  if (ends === undefined) return fields.has('si') ? null : 'The end (se=) is missing.';
  const wrong = ['st', 'se'].find((name) => fields.has(name) && Number.isNaN(Date.parse(fields.get(name) ?? '')));
  return wrong ? `The time ${wrong}= cannot be read; copy the shared access signature again.` : null;
}

function protocolProblem(fields: ReadonlyMap<string, string>): string | null {
  const protocols = fields.get('spr');
  return protocols === undefined || protocols.split(',').includes('https') ? null : 'It must allow https (spr=https).';
}

/** Not URLSearchParams: a `+` in a pasted signature is a plus, not a space. */
function fieldsOf(token: string): ReadonlyMap<string, string> {
  const pairs = token.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), decoded(pair.slice(at + 1))] as const;
  });
  return new Map(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The parts that must not be told. */
export function secretsOf(token: string): readonly string[] {
  const signature = /(?:^|&)sig=([^&]+)/.exec(token)?.[1];
  return signature === undefined ? [token] : [token, signature, decoded(signature)];
}
