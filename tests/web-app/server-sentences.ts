/** Every sentence that the server's source holds for people, with `{0}`, `{1}` for what is filled in. */
import { globSync, readFileSync } from 'node:fs';
import { parseAst } from 'vite';
import { destinations } from '../../src/destinations/registry.ts';

const parts = 'src/{alerts,destinations,exports,http,imports,kernel,people,store}/**/*.ts';
/** Not for the pages: tests, stand-ins, the compatible API, which speaks Klaviyo's words, scripts, letters and generated pages. */
const left = [
  /\.test\.ts$|\.fixtures\.ts$|wrong-fields\.ts$/,
  /\/(?:testing|double|stand-in|klaviyo)\/|double\.ts$/,
  /\/(?:errors-doc|letter-words|metrics|serve|setup|sql|door|worker)\.ts$/,
];
/** Written into files and tables of the customer, or read by the operator alone. */
const notShown = new Set([
  'Written by the connection check; safe to delete.',
  'Rows on their way; made and removed by Wharf.',
  'Time to answer HTTP requests.',
  // help of fields, which is in `field-words.ts`, with a part filled in
  'The name, or the dedicated SQL endpoint (name{0}).',
  'Absolute path on the machine that runs Wharf, for example {0}/warehouse.duckdb. {1}; the file is made.',
]);
/** Members that hold nothing but words for people. */
const spoken = new Set(['summary', 'advice', 'message', 'problem', 'reason']);

export interface Sentence {
  readonly text: string;
  readonly file: string;
}

/** Labels and help of fields are in `field-words.ts`. */
export function serverSentences(): readonly Sentence[] {
  const root = new URL('../../', import.meta.url).pathname;
  const files = globSync(parts, { cwd: root }).filter((file) => !left.some((pattern) => pattern.test(file)));
  const fields = Object.values(destinations).flatMap(({ spec }) => [
    spec.label,
    ...spec.fields.flatMap(({ label, help }) => [label, help]),
  ]);
  const elsewhere = new Set([...fields, ...notShown]);
  return files
    .flatMap((file) => sentencesOf(file, readFileSync(root + file, 'utf8')))
    .filter(({ text }) => !elsewhere.has(text));
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

function sentencesOf(file: string, source: string): readonly Sentence[] {
  const found: Sentence[] = [];
  const visit = (node: unknown, member: string | null): void => {
    if (Array.isArray(node)) return node.forEach((one) => visit(one, member));
    if (!isNode(node)) return;
    const text = textOf(node);
    if (text !== null && isForPeople(file, member, text)) found.push({ text, file });
    const inside = node.type === 'Property' ? ((node['key'] as Node)['name'] as string | undefined) : member;
    for (const part of Object.values(node)) visit(part, node.type === 'CallExpression' ? null : (inside ?? null));
  };
  visit(parseAst(source, { lang: 'ts' }), null);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : null;
  if (node.type !== 'TemplateLiteral') return null;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.map(({ value }, at) => (at === 0 ? '' : `{${at - 1}}`) + value.cooked).join('');
}

/** What a member says of its text, or the look of a sentence. */
function isForPeople(file: string, member: string | null, text: string): boolean {
  if (!isSentence(text)) return false;
  if (member !== null && spoken.has(member)) return true;
  if (/\/(?:check|probes|connection-test)\.ts$/.test(file))
    return /^\p{Lu}[\p{Ll} ]/u.test(text) && !text.includes('\n');
  if (file.includes('/imports/') && /^(?:is|has|begins|looks) .*\.$/.test(text)) return true;
  return /^(?:\{\d\} )?\p{Lu}(?:\p{Ll}| )[^\n]*[.}]$/u.test(text) && /\.(?: \{\d\})?$/.test(text);
}

/** Of two words at least, besides what is filled in. */
export function isSentence(text: string): boolean {
  return /\p{L}{2,}[^\p{L}]+\p{L}/u.test(text.replaceAll(/\{\d\}/g, '')) && /\s/.test(text);
}
