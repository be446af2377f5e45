import { describe, expect, it } from 'vitest';
import { sumTops, withGaps } from './virtual-rows.js';

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const lines = { columns: 3, gapPx: 10 };
const tops = sumTops(ids, lines, { rowPx: 100, exceptions: new Map([['b', 160]]) });

describe('the lines of a grid', () => {
  it('are as high as their highest tile, with the gap below', () => {
    expect([...tops]).toEqual([0, 170, 280, 390]);
  });

  it('are rendered whole, and the room between them leaves out the gap that the styles add', () => {
    const pieces = withGaps([0, 2], { ids, tops, lines });
    expect(pieces.map((piece) => ('id' in piece ? piece.id : piece.gapPx))).toEqual([
      'a',
      'b',
      'c',
      100,
      'g',
    ]);
    expect(pieces.at(-1)).toMatchObject({ index: 6, place: { index: 6, count: 7 } });
  });

  it('are followed by the room of those that are not rendered', () => {
    expect(withGaps([0], { ids, tops, lines }).at(-1)).toEqual({ gapPx: 210, key: 'end' });
  });
});

it('rows of a list have no gaps, and a place of their own each', () => {
  const one = { columns: 1, gapPx: 0 };
  const pieces = withGaps([1], {
    ids: ['a', 'b', 'c'],
    tops: sumTops(['a', 'b', 'c'], one, { rowPx: 70, exceptions: new Map() }),
    lines: one,
  });
  expect(pieces.map((piece) => ('id' in piece ? piece.id : piece.gapPx))).toEqual([70, 'b', 70]);
});
