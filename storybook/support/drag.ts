/** Files that hang over an element, as the browser would say it. */
export function hangOver(element: Element, types: readonly string[]): void {
  const transfer = new DataTransfer();
  for (const [index, type] of types.entries()) transfer.items.add(new File(['x'], `file-${index}`, { type }));
  element.dispatchEvent(
    new DragEvent('dragenter', { bubbles: true, cancelable: true, dataTransfer: transfer }),
  );
}

export const zoneIn = (canvas: HTMLElement): Element => {
  const zone = canvas.querySelector('[data-vodrop="dropzone"]');
  if (!zone) throw new Error('no drop zone');
  return zone;
};
