/** Every sentence that the server's source holds for people, with `{0}`, `{1}` for what is filled in. */
import { globSync, readFileSync } from 'node:fs';
import { parseAst } from 'vite';

const names = new Set(['summary', 'advice', 'message', 'problem', 'reason']);
const parts = 'src/{destinations,exports,http,imports,kernel,people,store}/**/*.ts';
/** Not for the pages: tests, stand-ins, the compatible API, which speaks Klaviyo's words, and generated pages. */
const left =
  /\.test\.ts$|\.fixtures\.ts$|\/(?:testing|double|stand-in|klaviyo)\/|double\.ts$|errors-doc\.ts$|serve\.ts$/;

export interface Sentence {
  readonly text: string;
  readonly file: string;
}

export function serverSentences(): readonly Sentence[] {
  const root = new URL('../../', import.meta.url).pathname;
  const files = globSync(parts, { cwd: root }).filter((file) => !left.test(file));
  return files.flatMap((file) => sentencesOf(file, readFileSync(root + file, 'utf8')));
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

function sentencesOf(file: string, source: string): readonly Sentence[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isNode(node)) {
      if (node.type === 'Property' && isForPeople(file, node)) found.push(...textsOf(node['value'] as Node));
      for (const member of Object.values(node)) visit(member);
    }
  };
  visit(parseAst(source, { lang: 'ts' }));
  return found.filter(isSentence).map((text) => ({ text, file }));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Labels count in checks only; those of fields are in `field-words.ts`. */
function isForPeople(file: string, { key }: Node): boolean {
  const name = (key as Node)['name'] as string | undefined;
  return name !== undefined && (names.has(name) || (name === 'label' && /\/(check|connection-test)\.ts$/.test(file)));
}

function textsOf(node: Node): readonly string[] {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  if (node.type === 'ConditionalExpression')
    return [...textsOf(node['consequent'] as Node), ...textsOf(node['alternate'] as Node)];
  if (node.type !== 'TemplateLiteral') return [];
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return [quasis.map(({ value }, at) => (at === 0 ? '' : `{${at - 1}}`) + value.cooked).join('')];
}

/** Of two words at least, besides what is filled in. */
export function isSentence(text: string): boolean {
  return /\p{L}{2,}[^\p{L}]+\p{L}/u.test(text.replaceAll(/\{\d\}/g, '')) && /\s/.test(text);
}
