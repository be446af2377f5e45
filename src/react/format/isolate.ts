const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const leftToRight = /[^\P{L}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

export const hasRightToLeft = (text: string): boolean => rightToLeft.test(text);

/**
 * Keeps a value of the other direction in one piece: in an Arabic sentence "6.3 MB" or a file's name, in an English one
 * an Arabic name. Without it the text around it, a full stop or a bracket, changes sides.
 * https://www.w3.org/International/questions/qa-bidi-unicode-controls
 */
export function isolate(value: string, isInRightToLeft: boolean): string {
  const isOther = isInRightToLeft ? leftToRight.test(value) : rightToLeft.test(value);
  return isOther ? `\u2068${value}\u2069` : value;
}
