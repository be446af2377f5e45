import { waitFor } from 'storybook/test';

/** Presses what a selector finds, once the widget has its width and its words. */
export async function clickOn(canvas: HTMLElement, selector: string): Promise<void> {
  await new Promise((resolve) => {
    requestAnimationFrame(() => {
      requestAnimationFrame(resolve);
    });
  });
  const found = await waitFor(() => {
    const element = canvas.querySelector<HTMLElement>(selector);
    if (!element || canvas.querySelector('[data-wordless]')) throw new Error(`nothing is ${selector}`);
    return element;
  });
  // As from the keyboard: whether a ring is shown must not depend on the story before.
  found.focus({ focusVisible: true });
  found.click();
}

/** Presses "Cancel" or "Cancel all", in the menu where there is no room for it, until it is asked about. */
export async function askToCancel(canvas: HTMLElement, selector: string): Promise<void> {
  await waitFor(() => {
    if (canvas.querySelector('[data-look="danger"]')) return;
    const [entry] = [...canvas.querySelectorAll<HTMLElement>('[role="menuitem"]')].slice(-1);
    const button = entry ?? canvas.querySelector<HTMLElement>(`${selector}, [data-slot="more"]`);
    // As from the keyboard: whether a ring is shown must not depend on the story before.
    button?.focus({ focusVisible: true });
    button?.click();
    throw new Error('nothing is asked yet');
  });
}

/** Presses what ends an upload, until it can be taken back: the code for that is loaded then. */
export async function endWithUndo(canvas: HTMLElement, selector: string): Promise<void> {
  await clickOn(canvas, selector);
  await waitFor(() => {
    if (!canvas.querySelector('[data-tone="undo"]')) throw new Error('nothing is about to end');
  });
}
