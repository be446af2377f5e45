/**
 * `Retry-After` in ms, in both its forms: seconds, or a date (RFC 9110, section 10.2.3). A date is compared with the
 * `Date` header of the same reply where that can be read, so that a wrong clock on this computer does not matter.
 */
export function retryAfterMs(
  header: (name: string) => string | null | undefined,
  nowMs: number,
): number | undefined {
  const value = header('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const sentAt = Date.parse(header('date') ?? '');
  const delayMs = Date.parse(value) - (Number.isNaN(sentAt) ? nowMs : sentAt);
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
