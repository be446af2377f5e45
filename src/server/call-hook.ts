/**
 * Calls a hook of the host that only listens: what it throws, or rejects with, changes no answer. There is no other
 * place to report it, because such hooks are the log.
 */
export function callHook(hook: () => unknown): void {
  const ignore = () => {};
  try {
    Promise.resolve(hook()).catch(ignore);
  } catch {
    ignore();
  }
}
