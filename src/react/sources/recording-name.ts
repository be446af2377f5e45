import { fill } from '../messages/fill.js';

/**
 * `Recording 2026-11-15 10.00`: no character that a file's name cannot have. After Arabic letters a hyphen parts numbers,
 * whose order is then from right to left, which would make it 15-11-2026; a full stop does not.
 */
export function recordingName(words: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const separator = /\p{Script=Arabic}/u.test(words) ? '.' : '-';
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join(separator);
  return fill(words, { date: `${day} ${two(date.getHours())}.${two(date.getMinutes())}` });
}
