/**
 * Follows a drag that is over a zone, and calls back once when it no longer is, however it ends: it leaves the zone or
 * the window, is dropped on any target, is canceled, or the element below the pointer is removed. Counting `dragenter`
 * and `dragleave` cannot do that: a removed element gets no `dragleave` that bubbles, and inner targets may stop either.
 * @param over the element below the pointer.
 */
export function watchDrag(zone: Node, over: EventTarget | null, onGone: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let below: EventTarget | null = null;
  let stopLeave = new AbortController();

  const end = () => {
    stop.abort();
    onGone();
  };
  const moveTo = (target: EventTarget) => {
    if (target === below) return;
    stopLeave.abort();
    stopLeave = new AbortController();
    below = target;
    // On the element itself: it is called there also when the element has been removed from the document.
    target.addEventListener('dragleave', leave, { signal: stopLeave.signal });
  };
  // The next element is entered before the last one is left, so the one below the pointer is left only for good. In
  // WebKit `relatedTarget` is always null: https://bugs.webkit.org/show_bug.cgi?id=66547
  const leave = (event: Event) => {
    if (event.target === below && !isInside(zone, (event as DragEvent).relatedTarget)) end();
  };
  const move = (event: Event) => {
    const [target = event.target] = event.composedPath();
    if (target && isInside(zone, target)) moveTo(target);
    else end();
  };

  signal.addEventListener('abort', () => {
    stopLeave.abort();
  });
  if (over) moveTo(over);
  const options = { capture: true, passive: true, signal };
  window.addEventListener('dragenter', move, options);
  window.addEventListener('dragover', move, options);
  // Browsers send no pointer events during a drag: the first one says that it is over.
  for (const type of ['drop', 'dragend', 'pointermove']) window.addEventListener(type, end, options);
  return () => {
    stop.abort();
  };
}

function isInside(zone: Node, target: EventTarget | null): boolean {
  return target instanceof Node && zone.contains(target);
}
