import { expect, it } from 'vitest';
import { PauseSwitch } from './pause-switch.js';

it('lets work pass while it is not paused, and work that waits once it goes on', async () => {
  const pausing = new PauseSwitch();
  await pausing.passed();
  const { signal } = pausing;
  pausing.set(true);
  expect(signal.aborted).toBe(true);
  let passed = 0;
  const waiting = pausing.passed().then(() => (passed += 1));
  pausing.set(true);
  await Promise.resolve();
  expect(passed).toBe(0);
  pausing.set(false);
  await waiting;
  expect(passed).toBe(1);
  expect(pausing.signal.aborted).toBe(false);
});
