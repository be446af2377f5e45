import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PartProgress } from './part-progress.js';
import { pinnedPlan } from './plan.js';

const part = { md5Base64: 'x', isCompared: true, isProven: true };

it('subtracts the bytes of an attempt that failed', () => {
  const progress = new PartProgress(pinnedPlan(25, 10));
  progress.store(1, part);
  progress.setInFlight(2, 7);
  expect(progress.sentBytes).toBe(17);
  progress.dropInFlight(2);
  expect(progress.sentBytes).toBe(10);
});

it('sends no stored part again, and compares those of an earlier visit', () => {
  const progress = new PartProgress(pinnedPlan(25, 10));
  progress.store(1, { md5Base64: 'x', isCompared: false, isProven: false });
  progress.store(3, part);
  expect(progress.toSend()).toEqual([2]);
  expect(progress.toCompare()).toEqual([1]);
  expect(progress.isPending).toBe(true);
  expect(progress.storedBytes).toBe(15);
  progress.store(1, part);
  progress.store(2, part);
  expect(progress.isPending).toBe(false);
  progress.distrust();
  expect([progress.toSend(), progress.toCompare()]).toEqual([[], [1, 2, 3]]);
});

it('counts every byte at most once, in any order of events', () => {
  const step = fc.record({
    act: fc.constantFrom('store', 'fly', 'drop', 'forget', 'dropAll'),
    partNumber: fc.integer({ min: 1, max: 3 }),
    bytes: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const progress = new PartProgress(pinnedPlan(25, 10));
      for (const { act, partNumber, bytes } of steps) {
        if (act === 'store') progress.store(partNumber, part);
        else if (act === 'fly') progress.setInFlight(partNumber, bytes);
        else if (act === 'drop') progress.dropInFlight(partNumber);
        else if (act === 'forget') progress.forget(partNumber);
        else progress.dropAllInFlight();
        expect(progress.sentBytes).toBeGreaterThanOrEqual(progress.storedBytes);
        expect(progress.storedBytes).toBeGreaterThanOrEqual(0);
        expect(progress.sentBytes).toBeLessThanOrEqual(25);
      }
    }),
  );
});
