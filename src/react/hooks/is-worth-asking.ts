/** Bytes are gone at once; whether that is worth a question depends on how long sending them again takes. */
const askFromSeconds = 60;
/** While the speed of the line is not known. */
const askFromBytes = 100_000_000;

/**
 * Whether giving up this much needs a confirmation. Used where one upload is given up; giving up all at once always
 * asks when anything was sent.
 */
export function isWorthAsking(bytes: number, bytesPerSecond?: number): boolean {
  return bytesPerSecond ? bytes / bytesPerSecond >= askFromSeconds : bytes >= askFromBytes;
}
