import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partRange, partSize, planParts } from './plan.js';

const mib = 1024 * 1024;
const limits = {
  kind: 'multipart',
  minPartSizeBytes: 100 * 1024,
  maxPartSizeBytes: 20 * mib,
  maxPartCount: 10_000,
} as const;

describe('planParts', () => {
  it.each([
    [32_000_000, 41 * 64 * 1024, 12],
    [11_000_000, mib, 11],
    [600_000_000, 16 * mib, 36],
    [1_000_000_000, 16 * mib, 60],
    [50_000_000_000, 16 * mib, 2981],
    [300 * 1024 ** 3, 31 * mib, 9910],
  ])('cuts %i bytes into parts of %i', (sizeBytes, partSizeBytes, partCount) => {
    const wide = { ...limits, maxPartSizeBytes: 5 * 1024 ** 3 };
    expect(planParts(sizeBytes, wide)).toEqual({ sizeBytes, partSizeBytes, partCount });
  });

  it('plans with the part size that the store prescribes', () => {
    expect(planParts(100, { ...limits, partSizeBytes: 30 }).partCount).toBe(4);
  });

  it('plans parts that one connection sends in a few seconds where the line was measured, unless the host wants others', () => {
    const plan = (wishes: object) => planParts(1_000_000_000, limits, wishes).partSizeBytes;
    expect(plan({ lineBytes: 3.2 * mib })).toBe(4 * mib);
    expect(plan({ lineBytes: 1000 })).toBe(mib);
    expect(plan({ lineBytes: 100 * mib })).toBe(16 * mib);
    expect(plan({ lineBytes: 3.2 * mib, partSizeBytes: 8 * mib })).toBe(8 * mib);
  });

  it('plans one part for a single PUT', () => {
    expect(planParts(123, { kind: 'single' })).toEqual({ sizeBytes: 123, partSizeBytes: 123, partCount: 1 });
  });

  it('plans parts that cover every byte once within the limits for any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 * 1024 ** 3 }), (sizeBytes) => {
        const plan = planParts(sizeBytes, limits);
        expect(plan.partCount).toBeLessThanOrEqual(limits.maxPartCount);
        expect(plan.partSizeBytes).toBeGreaterThanOrEqual(limits.minPartSizeBytes);
        expect(plan.partSizeBytes).toBeLessThanOrEqual(
          Math.max(limits.maxPartSizeBytes, Math.ceil(sizeBytes / limits.maxPartCount)),
        );
        expect(partRange(plan, 1).start).toBe(0);
        expect(partRange(plan, plan.partCount).end).toBe(sizeBytes);
        expect(partSize(plan, plan.partCount)).toBeGreaterThan(0);
      }),
    );
  });
});
