import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PartLedger } from './ledger.js';
import { pinnedPlan } from './plan.js';

const part = { md5Base64: 'x', isProven: true };

it('gives back the bytes of an attempt that failed', () => {
  const ledger = new PartLedger(pinnedPlan(25, 10));
  ledger.store(1, part);
  ledger.fly(2, 7);
  expect(ledger.sentBytes).toBe(17);
  ledger.drop(2);
  expect(ledger.sentBytes).toBe(10);
});

it('still wants parts of an earlier visit that were not compared', () => {
  const ledger = new PartLedger(pinnedPlan(25, 10));
  ledger.store(1, { md5Base64: 'x', isProven: false });
  ledger.store(3, part);
  expect(ledger.pending()).toEqual([1, 2]);
  expect(ledger.storedBytes).toBe(15);
});

it('counts every byte at most once, whatever happens in whatever order', () => {
  const step = fc.record({
    act: fc.constantFrom('store', 'fly', 'drop', 'forget', 'dropAll'),
    partNumber: fc.integer({ min: 1, max: 3 }),
    bytes: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const ledger = new PartLedger(pinnedPlan(25, 10));
      for (const { act, partNumber, bytes } of steps) {
        if (act === 'store') ledger.store(partNumber, part);
        else if (act === 'fly') ledger.fly(partNumber, bytes);
        else if (act === 'drop') ledger.drop(partNumber);
        else if (act === 'forget') ledger.forget(partNumber);
        else ledger.dropAll();
        expect(ledger.sentBytes).toBeGreaterThanOrEqual(ledger.storedBytes);
        expect(ledger.storedBytes).toBeGreaterThanOrEqual(0);
        expect(ledger.sentBytes).toBeLessThanOrEqual(25);
      }
    }),
  );
});
