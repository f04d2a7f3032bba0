/**
 * A document as BigQuery's JSON type gives it back: keys in order, of a doubled key the first, numbers as 64-bit integers or
 * doubles. Google's own evaluator is the measure (`analyser.io.test.ts`).
 */
import { arrayItems, arrayText, JsonText, objectMembers, objectText } from '../../../kernel/json-text.ts';

export function storedJson(text: string): string {
  return stored(new JsonText(text)).text;
}

function stored(json: JsonText): JsonText {
  const members = objectMembers(json);
  if (members) {
    const first = new Map<string, JsonText>();
    for (const [key, value] of members) if (!first.has(key)) first.set(key, stored(value));
    return objectText([...first].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }
  const items = arrayItems(json);
  if (items) return arrayText(items.map(stored));
  if (json.text.startsWith('"')) return new JsonText(JSON.stringify(JSON.parse(json.text)));
  return /^[-\d]/.test(json.text) ? new JsonText(storedNumber(json.text)) : json;
}

function storedNumber(text: string): string {
  if (/^-?\d+$/.test(text)) {
    const whole = BigInt(text);
    if (whole >= -(2n ** 63n) && whole < 2n ** 64n) return String(whole);
  }
  const double = String(Number(text));
  return /^-?\d+$/.test(double) ? `${double}.0` : double;
}
