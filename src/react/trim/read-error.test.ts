import { expect, it } from 'vitest';
import { isReadError } from './read-error.js';

it.each(['NotReadableError', 'NotFoundError'])('a %s of a file is a read error', (name) => {
  expect(isReadError(new DOMException('gone', name))).toBe(true);
});

it.each([
  new TypeError('x is undefined'),
  new DOMException('closed', 'InvalidStateError'),
  'NotReadableError',
  undefined,
])('%s is none', (error) => {
  expect(isReadError(error)).toBe(false);
});
