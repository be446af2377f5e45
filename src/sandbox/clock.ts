/** Milliseconds since the epoch. Always injected, so that states and expiry can be tested without waiting. */
export type Clock = () => number;

/** `20260115T083000Z`, the form of X-Sdk-Date. Undefined when the text is not that form. */
export function parseBasicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `20260115083000`, UTC: how VOD prints times. */
export function compactDate(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace(/[-:T]/g, '');
}
