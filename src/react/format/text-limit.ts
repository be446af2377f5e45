import { extensionOf } from './split-name.js';

/** As capabilities declare it. */
export interface TextLimit {
  readonly maxLength: number;
  readonly unit: 'bytes' | 'characters';
}

/** In the unit of the limit: UTF-8 bytes, or UTF-16 units. */
export function lengthIn(text: string, unit: TextLimit['unit']): number {
  return unit === 'bytes' ? new TextEncoder().encode(text).length : text.length;
}

export function isTooLong(text: string, limit: TextLimit | undefined): boolean {
  return limit !== undefined && lengthIn(text, limit.unit) > limit.maxLength;
}

/** What a title starts as: the file's name without its extension, as much of it as the service takes. */
export function titleFromName(fileName: string, limit: TextLimit | undefined): string {
  const letters = Array.from(fileName.slice(0, fileName.length - extensionOf(fileName).length) || fileName);
  while (letters.length > 0 && isTooLong(letters.join(''), limit)) letters.pop();
  return letters.join('');
}
