/**
 * Sentences of the server, which speaks English, in another language. A sentence is known by its English text; `{0}`,
 * `{1}` stand for what the server fills in. What is not known stays as it came.
 */
export type Sentences = Readonly<Record<string, string>>;
export type Say = (english: string) => string;

export function translator(sentences: Sentences): Say {
  const open = Object.entries(sentences)
    .filter(([english]) => /\{\d\}/.test(english))
    .map(([english, translated]) => ({ pattern: patternOf(english), translated }))
    // the one that says most by itself decides
    .sort((one, other) => other.pattern.source.length - one.pattern.source.length);
  const say: Say = (english) => {
    const exact = sentences[english];
    if (exact !== undefined) return exact;
    for (const { pattern, translated } of open) {
      const found = pattern.exec(english)?.groups;
      // what was filled in can be a sentence itself
      if (found) return translated.replaceAll(/\{(\d)\}/g, (_, place: string) => say(found[`at${place}`] ?? ''));
    }
    return english;
  };
  return say;
}

function patternOf(english: string): RegExp {
  const seen = new Set<string>();
  const source = english.split(/\{(\d)\}/).map((part, at) => {
    if (at % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    if (seen.has(part)) return String.raw`\k<at${part}>`;
    seen.add(part);
    return `(?<at${part}>[^]*?)`;
  });
  return new RegExp(`^${source.join('')}$`);
}
