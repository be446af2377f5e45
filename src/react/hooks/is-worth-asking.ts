/**
 * Bytes that are gone in a minute on a common line are not worth a question; hours of sending are.
 * Used where one upload is given up. Giving up all at once always asks when anything was sent.
 */
const askFromBytes = 100_000_000;

/** Whether giving up this much needs a confirmation. */
export function isWorthAsking(bytes: number): boolean {
  return bytes >= askFromBytes;
}
