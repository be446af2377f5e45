import { hasRightToLeft, isolate } from './isolate.js';

/** Numbers, sizes and lists in the words and digits of one locale. */
export interface Format {
  readonly locale: string;
  number(value: number): string;
  /** Digits without grouping: `3840`. */
  plain(value: number): string;
  /** A unit and no more than one decimal, below 100: `18.4 GB`, `6.3 MB`, `318 MB`. Decimal: 1 GB is 10⁹ bytes. */
  bytes(value: number): string;
  /** Both sides in the unit of `total`: `11.6` and `18.4 GB`. `done` is rounded down, so it never equals a larger total. */
  bytesOf(done: number, total: number): { readonly done: string; readonly total: string };
  /** Always two figures per second: `48 MB/s`, `2.0 MB/s`. */
  speed(bytesPerSecond: number): string;
  percent(whole: number): string;
  /** Chooses among plural forms by the rules of the locale. */
  plural(count: number, forms: PluralForms): string;
  list(items: readonly string[], joinedBy?: 'and' | 'or'): string;
  /** `45 s`, `12 min`, `1 h 42 min`: two figures at most, as lengths of videos and limits are said. */
  duration(seconds: number): string;
  /** `yesterday at 21:40`, `today at 9:05`, `12 November`. */
  moment(at: number, now: number): string;
}

/** A text for each plural category of a language; `other` for the rest. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/**
 * Makes the formatter for a BCP 47 locale. Intl objects are costly, so they are made once per kind and kept.
 * @param wordsLocale the language of the words, whose plural forms are asked for; English where there are no others.
 */
export function createFormat(locale: string, wordsLocale = locale): Format {
  const kept = new Map<string, Intl.NumberFormat>();
  const numberFormat = (options: Intl.NumberFormatOptions) => {
    const key = JSON.stringify(options);
    const found = kept.get(key) ?? new Intl.NumberFormat(locale, options);
    kept.set(key, found);
    return found;
  };
  const inUnit = (value: number, exponent: number, digits: Intl.NumberFormatOptions) =>
    numberFormat({
      style: 'unit',
      unit: units[exponent] ?? 'byte',
      unitDisplay: exponent === 0 ? 'long' : 'short',
      ...digits,
    }).format(value / 1000 ** exponent);
  const plurals = new Intl.PluralRules(wordsLocale);
  const lists = {
    and: new Intl.ListFormat(wordsLocale, { type: 'conjunction' }),
    or: new Intl.ListFormat(wordsLocale, { type: 'disjunction' }),
  };
  const isInRightToLeft = hasRightToLeft(lists.and.format(['1', '2', '3']));
  const inTime = (value: number, unit: 'second' | 'minute' | 'hour') =>
    // English abbreviates to "sec" and "hr"; beside "MB/s" and "min" the symbols of the units are read faster.
    numberFormat({ style: 'unit', unit, unitDisplay: 'short' })
      .format(value)
      .replace(/(?<=\d\s)(s)ec$|(?<=\d\s)(h)r$/, '$1$2');

  return {
    locale,
    number: (value) => numberFormat({}).format(value),
    plain: (value) => numberFormat({ useGrouping: false }).format(value),
    bytes: (value) => {
      const exponent = exponentOf(value, decimalsOf);
      return inUnit(value, exponent, { maximumFractionDigits: decimalsOf(value / 1000 ** exponent) });
    },
    bytesOf(done, total) {
      const exponent = exponentOf(total, decimalsOf);
      const digits = exponent === 0 ? 0 : decimalsOf(total / 1000 ** exponent);
      const scale = 10 ** digits;
      const floored = Math.floor((Math.min(done, total) / 1000 ** exponent) * scale) / scale;
      const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      return { done: numberFormat(fixed).format(floored), total: inUnit(total, exponent, fixed) };
    },
    speed: (value) => {
      const twoFigures = Number(value.toPrecision(2));
      const exponent = Math.max(1, exponentOf(twoFigures, decimalsOf));
      return numberFormat({
        style: 'unit',
        unit: `${units[exponent] ?? 'megabyte'}-per-second`,
        minimumSignificantDigits: 2,
        maximumSignificantDigits: 2,
      }).format(twoFigures / 1000 ** exponent);
    },
    percent: (whole) => numberFormat({ style: 'percent' }).format(whole / 100),
    plural: (count, forms) => forms[plurals.select(count)] ?? forms.other,
    // The serial comma before the last word is of no use among names of types.
    list: (items, joinedBy = 'and') =>
      lists[joinedBy]
        .format(items.map((item) => isolate(item, isInRightToLeft)))
        .replace(/, (and|or) /, ' $1 '),
    duration: (seconds) => {
      const rounded = seconds < 60 ? Math.round(seconds) : Math.round(seconds / 60) * 60;
      const [hours, minutes, rest] = [
        Math.floor(rounded / 3600),
        Math.floor(rounded / 60) % 60,
        rounded % 60,
      ];
      if (hours)
        return [inTime(hours, 'hour'), minutes && inTime(minutes, 'minute')].filter(Boolean).join(' ');
      // "1 min" would hide by how much 90 s is over a minute.
      const isShort = rounded < 600 && seconds >= 60 && Math.round(seconds) % 60 !== 0;
      if (isShort)
        return `${inTime(Math.floor(seconds / 60), 'minute')} ${inTime(Math.round(seconds) % 60, 'second')}`;
      return minutes ? inTime(minutes, 'minute') : inTime(rest, 'second');
    },
    moment: (at, now) => moment(locale, at, now),
  };
}

/** Floored, and at most 99 until the whole is proven to have arrived: 100% is only ever said of a ready upload. */
export function wholePercent(done: number, total: number): number {
  if (!(total > 0)) return 0;
  return Math.max(0, Math.min(99, Math.floor((done / total) * 100)));
}

/** The unit in which `value` has one to three digits before the point, after rounding. */
function exponentOf(value: number, decimals: (inUnit: number) => number): number {
  let exponent = 0;
  for (; exponent < units.length - 1; exponent += 1) {
    const inUnit = value / 1000 ** exponent;
    if (Number(inUnit.toFixed(exponent === 0 ? 0 : decimals(inUnit))) < 1000) break;
  }
  return exponent;
}

/** One way for all: two figures, and below a hundred the first decimal. */
function decimalsOf(inUnit: number): number {
  return inUnit < 99.95 ? 1 : 0;
}

function moment(locale: string, at: number, now: number): string {
  const day = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((day(at) - day(now)) / 86_400_000);
  if (days < -1 || days > 0)
    return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' }).format(at);
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  const time = new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return `${name}, ${time}`;
}
