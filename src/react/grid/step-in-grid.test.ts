import { describe, expect, it } from 'vitest';
import { stepInGrid } from './step-in-grid.js';

// 0 1 2 3
// 4 5 6 7
// 8 9
const step = (key: string, index: number, isRightToLeft = false) =>
  stepInGrid(key, index, 9, { columns: 4, isRightToLeft });

describe('the keys of a grid', () => {
  it('move by one tile to the sides, and by one line up and down', () => {
    expect(step('ArrowRight', 1)).toBe(2);
    expect(step('ArrowLeft', 1)).toBe(0);
    expect(step('ArrowDown', 1)).toBe(5);
    expect(step('ArrowUp', 5)).toBe(1);
  });

  it('move to the sides as the language is read', () => {
    expect(step('ArrowLeft', 1, true)).toBe(2);
    expect(step('ArrowRight', 1, true)).toBe(0);
    expect(step('ArrowDown', 1, true)).toBe(5);
  });

  it('go on from the end of a line to the next one, and stop at both ends of the grid', () => {
    expect(step('ArrowRight', 3)).toBe(4);
    expect(step('ArrowRight', 9)).toBe(9);
    expect(step('ArrowLeft', 0)).toBe(0);
    expect(step('ArrowUp', 2)).toBe(2);
    expect(step('ArrowDown', 8)).toBe(8);
  });

  it('reach the last tile from a line above that is longer', () => {
    expect(step('ArrowDown', 7)).toBe(9);
  });

  it('lead to the first and the last tile, and mean nothing else', () => {
    expect(step('Home', 5)).toBe(0);
    expect(step('End', 5)).toBe(9);
    expect(step('a', 5)).toBeUndefined();
  });
});
