/** The few instruments Wharf needs, written in the Prometheus text format. */

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One metric with its samples, as one block of the text format. */
export function metricText(name: string, kind: 'counter' | 'gauge', help: string, samples: Iterable<Sample>): string {
  const lines = [...samples].map((sample) => `${name}${labelText(sample.labels)} ${numberText(sample.value)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines, ''].join('\n');
}

/** Seconds; from a cached look-up to a slow connection test. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Series {
  readonly labels: Labels;
  readonly buckets: number[];
  count: number;
  sum: number;
}

/** Durations by labels. Label values must come from a closed set (route patterns, never addresses). */
export class DurationHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  observe(labels: Labels, seconds: number): void {
    const key = labelText(labels);
    let series = this.#series.get(key);
    if (!series) {
      series = { labels, buckets: bounds.map(() => 0), count: 0, sum: 0 };
      this.#series.set(key, series);
    }
    const slot = bounds.findIndex((bound) => seconds <= bound);
    if (slot >= 0) series.buckets[slot] = (series.buckets[slot] ?? 0) + 1;
    series.count += 1;
    series.sum += seconds;
  }

  text(): string {
    const lines = [`# HELP ${this.#name} ${this.#help}`, `# TYPE ${this.#name} histogram`];
    for (const series of this.#series.values()) lines.push(...this.#seriesLines(series));
    return [...lines, ''].join('\n');
  }

  #seriesLines(series: Series): string[] {
    let below = 0;
    const buckets = bounds.map((bound, i) => {
      below += series.buckets[i] ?? 0;
      return `${this.#name}_bucket${labelText({ ...series.labels, le: String(bound) })} ${below}`;
    });
    return [
      ...buckets,
      `${this.#name}_bucket${labelText({ ...series.labels, le: '+Inf' })} ${series.count}`,
      `${this.#name}_sum${labelText(series.labels)} ${numberText(series.sum)}`,
      `${this.#name}_count${labelText(series.labels)} ${series.count}`,
    ];
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
