/** Numbers, sizes and lists in the words and digits of one locale. */
export interface Format {
  readonly locale: string;
  number(value: number): string;
  /** Digits without grouping: `3840`. */
  plain(value: number): string;
  /** Three figures and a unit: `18.4 GB`. Decimal: 1 GB is 10⁹ bytes. */
  bytes(value: number): string;
  /** Both sides in the unit of `total`: `11.6` and `18.4 GB`. `done` is rounded down, so it never equals a larger total. */
  bytesOf(done: number, total: number): { readonly done: string; readonly total: string };
  /** Two figures per second: `48 MB/s`. */
  speed(bytesPerSecond: number): string;
  percent(whole: number): string;
  /** Chooses among plural forms by the rules of the locale. */
  plural(count: number, forms: PluralForms): string;
  list(items: readonly string[]): string;
  /** `yesterday at 21:40`, `today at 9:05`, `12 November`. */
  moment(at: number, now: number): string;
}

export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Makes the formatter for a BCP 47 locale. Intl objects are costly, so they are made once per kind and kept. */
export function createFormat(locale: string): Format {
  const kept = new Map<string, Intl.NumberFormat>();
  const numberFormat = (options: Intl.NumberFormatOptions) => {
    const key = JSON.stringify(options);
    const found = kept.get(key) ?? new Intl.NumberFormat(locale, options);
    kept.set(key, found);
    return found;
  };
  const inUnit = (value: number, exponent: number, digits: Intl.NumberFormatOptions) =>
    numberFormat({ style: 'unit', unit: units[exponent] ?? 'byte', unitDisplay: exponent === 0 ? 'long' : 'short', ...digits })
      .format(value / 1000 ** exponent);
  const plurals = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

  return {
    locale,
    number: (value) => numberFormat({}).format(value),
    plain: (value) => numberFormat({ useGrouping: false }).format(value),
    bytes: (value) => inUnit(value, exponentOf(value), { maximumSignificantDigits: 3 }),
    bytesOf(done, total) {
      const exponent = exponentOf(total);
      const inUnits = total / 1000 ** exponent;
      // At least one decimal under a hundred, else "0 of 45 MB" would stand there for a while.
      const digits = exponent === 0 ? 0 : Math.max(fractionDigits(inUnits), inUnits < 100 ? 1 : 0);
      const scale = 10 ** digits;
      const floored = Math.floor((Math.min(done, total) / 1000 ** exponent) * scale) / scale;
      const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      return { done: numberFormat(fixed).format(floored), total: inUnit(total, exponent, { maximumSignificantDigits: 3 }) };
    },
    speed: (value) => {
      const exponent = Math.max(1, exponentOf(value));
      return numberFormat({ style: 'unit', unit: `${units[exponent] ?? 'megabyte'}-per-second`, maximumSignificantDigits: 2 })
        .format(value / 1000 ** exponent);
    },
    percent: (whole) => numberFormat({ style: 'percent' }).format(whole / 100),
    plural: (count, forms) => forms[plurals.select(count)] ?? forms.other,
    list: (items) => lists.format(items),
    moment: (at, now) => moment(locale, at, now),
  };
}

/** Floored, and at most 99 until the whole is proven to have arrived: 100% is only ever said of a ready upload. */
export function wholePercent(done: number, total: number): number {
  if (!(total > 0)) return 0;
  return Math.max(0, Math.min(99, Math.floor((done / total) * 100)));
}

/** The unit in which `value` has one to three digits before the point, after rounding to three figures. */
function exponentOf(value: number): number {
  let exponent = 0;
  while (exponent < units.length - 1 && Number((value / 1000 ** exponent).toPrecision(3)) >= 1000) exponent += 1;
  return exponent;
}

/** How many decimals three figures leave of `value`, not counting zeros at the end. */
function fractionDigits(value: number): number {
  const [, decimals = ''] = String(Number(value.toPrecision(3))).split('.');
  return decimals.length;
}

function moment(locale: string, at: number, now: number): string {
  const day = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((day(at) - day(now)) / 86_400_000);
  if (days < -1 || days > 0) return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' }).format(at);
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }).format(at);
  return `${name}, ${time}`;
}
