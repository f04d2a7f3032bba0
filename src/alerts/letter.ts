/** What an alert says to people, in their language. */
import { letterWords } from './letter-words.ts';
import type { Subject } from './message.ts';
import type { Say } from '../sentences/translator.ts';
import type { Alert, AlertFacts, Language } from './types.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** `say`: what the server said of errors and files, in that language. */
export function letterOf(alert: Alert, subject: Subject, link: string | null, language: Language, say: Say): Letter {
  const words = letterWords[language];
  const times = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: subject.timeZone,
  });
  const when = (iso: string): string => `${times.format(new Date(iso))} (${subject.timeZone})`;
  const said = words.said[alert.type](translated(alert.facts, say), subject.name, when);
  const sections: [string, readonly string[]][] = [
    [words.why, said.why],
    [words.todo, said.todo],
  ];
  const parts = sections.filter(([, lines]) => lines.length > 0);
  const foot = words.foot(subject.name, when(alert.at.toISOString()));
  return {
    subject: oneLine(`Wharf: ${said.what}`),
    text: textOf(said.what, parts, link === null ? [] : [`${words.open}: ${link}`], foot),
    html: htmlOf(language, said.what, parts, link === null ? null : { link, label: words.open }, foot),
  };
}

/** The vendor's own words and people's names for things stay as they are. */
function translated({ error, import: file, ...rest }: AlertFacts, say: Say): AlertFacts {
  return {
    ...rest,
    ...(error && { error: { ...error, summary: say(error.summary), advice: say(error.advice) } }),
    ...(file && {
      import: { ...file, message: file.message && say(file.message), advice: file.advice && say(file.advice) },
    }),
  };
}

type Parts = readonly (readonly [string, readonly string[]])[];

function textOf(what: string, parts: Parts, links: readonly string[], foot: string): string {
  const blocks = parts.map(([title, lines]) => [title, ...lines].join('\n'));
  return `${[what, ...blocks, ...links, `-- \n${foot}`].join('\n\n')}\n`;
}

function htmlOf(
  language: Language,
  what: string,
  parts: Parts,
  action: { readonly link: string; readonly label: string } | null,
  foot: string,
): string {
  const blocks = parts.map(
    ([title, lines]) => `<h2 style="font-size:15px">${escape(title)}</h2>${lines.map(paragraph).join('')}`,
  );
  const button = action
    ? `<p><a href="${escape(action.link)}" style="font-weight:bold">${escape(action.label)}</a></p>`
    : '';
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>Wharf</title></head>
<body style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;max-width:36em">
<h1 style="font-size:18px">${escape(what)}</h1>
${blocks.join('\n')}
${button}
<p style="color:#666;font-size:13px">${escape(foot)}</p>
</body></html>
`;
}

function paragraph(line: string): string {
  return `<p>${escape(line)}</p>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** What people named things must not begin a header of its own. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed();
}
