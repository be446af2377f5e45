export type RangeOutcome =
  { kind: 'whole' } | { kind: 'slice'; start: number; end: number } | { kind: 'unsatisfiable' };

/** One byte range of RFC 9110, section 14. Multiple ranges and invalid text are ignored. */
export function parseRange(header: string | undefined, sizeBytes: number): RangeOutcome {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match) return { kind: 'whole' };
  const [first = '', last = ''] = match.slice(1);
  if (first === '' && last === '') return { kind: 'whole' };
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  return start >= sizeBytes || start >= end ? { kind: 'unsatisfiable' } : { kind: 'slice', start, end };
}
