import type { Locator, Page } from '@playwright/test';
import { expect } from './test.js';

export const recorder = (page: Page): Locator => page.locator('[data-vodrop="recorder"]');

export async function expectPhase(page: Page, phase: string): Promise<void> {
  await expect(recorder(page)).toHaveAttribute('data-phase', phase);
}

/** Waits until the timer says so many seconds, or more: a slow machine may not see each. */
export async function expectRecorded(page: Page, seconds: number): Promise<void> {
  await expect
    .poll(async () => {
      const [, minutes, rest] =
        /(\d+):(\d\d)/.exec(await recorder(page).getByRole('timer').innerText()) ?? [];
      return Number(minutes) * 60 + Number(rest);
    })
    .toBeGreaterThanOrEqual(seconds);
}
