/** Numbers, times and sizes as the reader's language and the account's zone have them. */
import { useMemo } from 'react';
import { useLanguage } from './i18n.ts';

export interface Formats {
  number(value: number): string;
  bytes(value: number): string;
  /** Date and time to the second, in the zone. */
  exact(iso: string): string;
  /** `3 minutes ago`, `in 2 hours`. */
  relative(iso: string, now?: number): string;
  /** `2 min 5 sec`, `0.3 sec`. */
  duration(seconds: number): string;
}

const steps = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

export function useFormats(timeZone = 'UTC'): Formats {
  const language = useLanguage();
  return useMemo(() => formats(language, timeZone), [language, timeZone]);
}

export function formats(language: string, timeZone: string): Formats {
  const numbers = new Intl.NumberFormat(language);
  const times = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const unit = (value: number, name: string, unitDisplay: 'short' | 'long' = 'short'): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay,
      maximumFractionDigits: 1,
    }).format(value);
  return {
    number: (value) => numbers.format(value),
    bytes: (value) => {
      if (value < 1000) return unit(value, 'byte', 'long');
      if (value < 1e6) return unit(value / 1e3, 'kilobyte');
      return value < 1e9 ? unit(value / 1e6, 'megabyte') : unit(value / 1e9, 'gigabyte');
    },
    exact: (iso) => times.format(new Date(iso)),
    relative: (iso, now = Date.now()) => {
      const seconds = Math.round((Date.parse(iso) - now) / 1000);
      const [name, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? steps[3];
      return relative.format(Math.trunc(seconds / size), name);
    },
    duration: (seconds) => {
      // most runs are as short as this, and would look alike
      if (seconds < 10) return unit(Math.max(0, seconds), 'second');
      const parts = [];
      let rest = Math.round(seconds);
      for (const [name, size] of steps) {
        const whole = Math.floor(rest / size);
        rest -= whole * size;
        if (whole > 0) parts.push(unit(whole, name));
      }
      return parts.slice(0, 2).join(' ');
    },
  };
}
