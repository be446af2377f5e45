const factors: Record<string, number> = {
  '': 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
};

/** A length in seconds, or in words: `'90 s'`, `'10 min'`, `'1.5h'`. */
export type Duration = number | `${number}${string}`;

/** Seconds of a {@link Duration}; NaN when it cannot be parsed. */
export function parseDuration(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(duration) ?? [];
  return Number(digits) * (factors[unit.toLowerCase()] ?? NaN);
}
