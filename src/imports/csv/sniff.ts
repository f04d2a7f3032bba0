/** What the first bytes of a file say about it: whether it is a CSV that can be read at all. */
import { isUtf8 } from 'node:buffer';

/** Why a file cannot be read, in words for the person who uploaded it. */
export interface Unreadable {
  readonly message: string;
  readonly advice: string;
}

/** Files that people upload by mistake, by the bytes they begin with. */
const kinds: readonly { readonly begins: readonly string[]; readonly what: string; readonly advice: string }[] = [
  {
    begins: ['PK\u0003\u0004', 'PK\u0005\u0006'],
    what: 'a ZIP archive or an Excel workbook (.xlsx)',
    advice: 'In Excel choose Save As and "CSV UTF-8"; unpack an archive. Then upload the CSV.',
  },
  {
    begins: ['\u00d0\u00cf\u0011\u00e0'],
    what: 'an old Excel workbook (.xls)',
    advice: 'In Excel choose Save As and "CSV UTF-8", then upload the CSV.',
  },
  ...(
    [
      ['\u001f\u008b', 'gzip', 'gunzip'],
      ['(\u00b5/\u00fd', 'Zstandard', 'unzstd'],
      ['BZh', 'bzip2', 'bunzip2'],
      ['\u00fd7zXZ', 'xz', 'unxz'],
      ['7z\u00bc\u00af', '7-Zip', '7z x'],
    ] as const
  ).map(([begins, name, command]) => ({
    begins: [begins],
    what: `compressed (${name})`,
    advice: `Unpack it (${command}), then upload the CSV.`,
  })),
  {
    begins: ['PAR1', 'ORC', 'Obj\u0001'],
    what: 'a Parquet, ORC or Avro file',
    advice: 'Export from the warehouse as CSV, then upload that.',
  },
  { begins: ['%PDF'], what: 'a PDF', advice: 'Export the data as CSV, then upload that.' },
];

const html = /^\s*<(!doctype|html|head|body|\?xml|!--)/i;

/** Looks at the beginning of a file, 64 KB or all of it; null when nothing speaks against a CSV in UTF-8. */
export function sniff(head: Buffer): Unreadable | null {
  const text = head.toString('latin1');
  if (/^(\u00ef\u00bb\u00bf)?[\s\0]*$/.test(text)) {
    return { message: 'The file is empty.', advice: 'Upload a file with a header and at least one row.' };
  }
  const kind = kinds.find(({ begins }) => begins.some((one) => text.startsWith(one)));
  if (kind) return { message: `The file is not a CSV: it is ${kind.what}.`, advice: kind.advice };
  const wide = wideEncoding(head);
  if (wide) return otherEncoding(wide.name, wide.iconv);
  const start = text.replace(/^\u00ef\u00bb\u00bf/, '');
  if (html.test(start)) {
    return {
      message: 'The file is not a CSV: it is an HTML or XML page.',
      advice: 'A download that needed a sign-in often gives such a page. Export the CSV again and look into it first.',
    };
  }
  if (/^\s*(\{\s*["}]|\[\s*[[{\]])/.test(start)) {
    return {
      message: 'The file is not a CSV: it is JSON.',
      advice: 'Export from the warehouse as CSV, then upload that.',
    };
  }
  const whole = head.subarray(0, head.length - incompleteTail(head));
  if (isUtf8(whole)) return null;
  const single = singleByteEncoding(whole);
  return otherEncoding(single.name, single.iconv);
}

/** Where the text begins: after a UTF-8 byte order mark, if there is one. */
export function textStart(head: Buffer): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

function otherEncoding(name: string, iconv: string): Unreadable {
  return {
    message: `The file is not UTF-8: it is ${name}.`,
    advice: `Save it as UTF-8 (in Excel: "CSV UTF-8"), or convert it: iconv -f ${iconv} -t UTF-8 in.csv > out.csv`,
  };
}

interface Encoding {
  readonly name: string;
  readonly iconv: string;
}

/** UTF-16 and UTF-32 by their mark, or by the NUL that every Latin letter has beside it. */
function wideEncoding(head: Buffer): Encoding | null {
  const mark = head.subarray(0, 4).toString('latin1');
  if (mark === '\u00ff\u00fe\0\0' || mark === '\0\0\u00fe\u00ff') return { name: 'UTF-32', iconv: 'UTF-32' };
  if (mark.startsWith('\u00ff\u00fe')) return { name: 'UTF-16 (little endian)', iconv: 'UTF-16' };
  if (mark.startsWith('\u00fe\u00ff')) return { name: 'UTF-16 (big endian)', iconv: 'UTF-16' };
  const nuls = [0, 0];
  for (const [place, byte] of head.entries()) if (byte === 0) nuls[place & 1] = (nuls[place & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const most = head.length / 2;
  if (odd > 0.4 * most && even < 0.1 * most) return { name: 'UTF-16 (little endian)', iconv: 'UTF-16LE' };
  if (even > 0.4 * most && odd < 0.1 * most) return { name: 'UTF-16 (big endian)', iconv: 'UTF-16BE' };
  return null;
}

/** Bytes of a character that the end of the sample has cut. */
function incompleteTail(head: Buffer): number {
  for (let back = 1; back <= Math.min(3, head.length); back++) {
    const byte = head[head.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}

/** Bytes that are letters in Windows-1250 and signs, or nothing, in Windows-1252: \u0105 \u0104 \u015b \u015a \u017a \u0179 \u0142 \u0141 \u013d \u017c \u017b \u0165 \u0164. */
const eastern = /[\xb9\xa5\x9c\x8c\x9f\x8f\xb3\xa3\xbc\xbf\xaf\x9d\x8d]/;
/** Letters of western Europe at places where Windows-1250 has rarer ones. */
const western = /[\xe0\xe3\xe5\xe6\xe8\xea\xec\xef\xf1\xf2\xf5\xf8\xf9\xfb]/;

/** The likelier of the two that people have; between letters of both the more frequent decides. */
function singleByteEncoding(bytes: Buffer): Encoding {
  const text = bytes.toString('latin1');
  const count = (letters: RegExp): number =>
    text.match(new RegExp(`[A-Za-z]${letters.source}|${letters.source}[a-z]`, 'g'))?.length ?? 0;
  if (count(eastern) > count(western))
    return { name: 'Windows-1250 (central European), as far as its letters tell', iconv: 'WINDOWS-1250' };
  return { name: 'Windows-1252 (western European), as far as its letters tell', iconv: 'WINDOWS-1252' };
}
