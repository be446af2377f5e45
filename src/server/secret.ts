/** A secret text or key of at least 32 characters or bytes. */
export type Secret = string | Uint8Array;

const minLength = 32;
/** A random text of 32 digits has about 100 bits, one of 32 hexadecimal digits about 115. */
const minBits = 80;
const remedy = 'Make one with `openssl rand -base64 32` and keep it where the other keys of the server are.';

/** Why a ticket secret is too weak, with the remedy, or `undefined`. The text does not contain the secret. */
export function weaknessOf(secret: unknown): string | undefined {
  if (secret === undefined || secret === null || secret === '')
    return `The ticket secret is missing: is its environment variable set? ${remedy}`;
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array))
    return `The ticket secret has to be a string or bytes. ${remedy}`;
  const symbols = [...secret];
  if (symbols.length < minLength)
    return `A ticket secret needs at least ${minLength} characters or bytes. ${remedy}`;
  if (isRepeated(symbols) || isSequence(symbols) || bitsOf(symbols) < minBits)
    return `The ticket secret can be guessed: it repeats itself. ${remedy}`;
  return undefined;
}

type Symbols = readonly (string | number)[];

/** `changemechangeme…`: a short unit, several times. */
function isRepeated(symbols: Symbols): boolean {
  for (let unit = 1; unit <= symbols.length / 2; unit++)
    if (symbols.every((symbol, i) => symbol === symbols[i % unit])) return true;
  return false;
}

/** `abcdefgh…` or `98765…`: nearly every symbol follows from the one before. */
function isSequence(symbols: Symbols): boolean {
  const codes = symbols.map((symbol) => (typeof symbol === 'number' ? symbol : (symbol.codePointAt(0) ?? 0)));
  const steps = new Map<number, number>();
  for (const [i, code] of codes.entries()) {
    const step = code - (codes[i - 1] ?? code);
    if (i > 0) steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  return Math.max(...steps.values()) > (codes.length * 3) / 4;
}

/** Shannon's entropy of the symbols' frequencies, times their number. */
function bitsOf(symbols: Symbols): number {
  const counts = new Map<string | number, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits += count * Math.log2(symbols.length / count);
  return bits;
}
