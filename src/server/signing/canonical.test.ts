import { expect, it } from 'vitest';
import { basicDate, canonicalHeaders, isoDate } from './canonical.js';

it('writes dates in UTC without fractions, in the extended and in the basic format', () => {
  const date = new Date('2026-01-15T08:30:00.987Z');
  expect(isoDate(date)).toBe('2026-01-15T08:30:00Z');
  expect(basicDate(date)).toBe('20260115T083000Z');
});

it('sorts canonical headers by lower-case name and trims their values', () => {
  expect(canonicalHeaders({ 'X-B': ' 2 ', 'x-a': '1' })).toEqual({
    lines: 'x-a:1\nx-b:2\n',
    names: 'x-a;x-b',
  });
});
