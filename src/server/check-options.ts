/** A timer that is to run longer ends at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Throws `TypeError` for what is no number above 0, as `Number(process.env.UNSET)` is none. Absent: the default applies. */
export function checkPositive(options: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) check(name, options[name], Number.MAX_SAFE_INTEGER, 'a number above 0');
}

/** The same for times that a timer waits for. */
export function checkTimes(options: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names)
    check(name, options[name], longestTimerMs, `a time in ms, above 0 and at most ${longestTimerMs}`);
}

function check(name: string, value: unknown, most: number, wanted: string): void {
  if (value === undefined) return;
  // Negated, so that NaN is refused too.
  if (!(typeof value === 'number' && value > 0 && value <= most))
    throw new TypeError(`${name}: ${shown(value)} is not ${wanted}; leave it out for the default.`);
}

/** A value that was given, for a message. */
export function shown(value: unknown): string {
  return typeof value === 'number' ? `${value}` : JSON.stringify(value);
}
