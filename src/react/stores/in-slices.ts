/** So long, in ms, the page may be busy before it draws and responds: a count would be too many on a slow device. */
const sliceMs = 10;
/** Time, in ms, for the page to draw what a slice has changed. Not a frame: a page in the background has none. */
const pauseMs = 20;

/**
 * Acts on many, a slice of them now and the others in tasks of their own. `mayGoOn` is asked before each further slice, with
 * the last one that was acted on: the person may have done something else meanwhile.
 */
export function inSlices(
  ids: readonly string[],
  act: (id: string) => void,
  mayGoOn: (lastId: string) => boolean,
): void {
  const until = performance.now() + sliceMs;
  const next = ids.findIndex((id) => {
    if (performance.now() > until) return true;
    act(id);
    return false;
  });
  if (next < 0) return;
  setTimeout(() => {
    if (mayGoOn(ids[next - 1] ?? '')) inSlices(ids.slice(next), act, mayGoOn);
  }, pauseMs);
}
