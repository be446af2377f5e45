/**
 * The element that has the focus in the tree of `node`: in a shadow root, `document.activeElement` is only its host.
 */
export function focusedBeside(node: Node | null | undefined): Element | null {
  const root = node?.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : document.activeElement;
}

/** Whether nothing in the tree of `node` has the focus, as after the removal of the element that had it. */
export function isFocusLost(node: Node | null | undefined): boolean {
  const focused = focusedBeside(node);
  return focused === null || focused === document.body;
}

/** The element that has the focus, also when it is inside shadow roots. */
export function focusedElement(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
