import { waitFor } from 'storybook/test';

/** Presses what a selector finds, once the widget has its width and its words. */
export async function clickOn(canvas: HTMLElement, selector: string): Promise<void> {
  await new Promise((resolve) => { requestAnimationFrame(() => { requestAnimationFrame(resolve); }); });
  const found = await waitFor(() => {
    const element = canvas.querySelector<HTMLElement>(selector);
    if (!element || canvas.querySelector('[data-wordless]')) throw new Error(`nothing is ${selector}`);
    return element;
  });
  found.click();
}
