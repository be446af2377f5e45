/** What tabs of one browser share: locks that a dying tab lets go of, and a line between them. */
export interface TabsPort {
  /**
   * Takes the lock of that name; resolves with the way to give it back. Held elsewhere: `undefined` at once, or with
   * `wait`, once it is free. Rejects with the signal's reason.
   */
  acquire(name: string, options: { wait: boolean; signal?: AbortSignal }): Promise<(() => void) | undefined>;
  /** Names of all locks held by any tab. */
  held(): Promise<ReadonlySet<string>>;
  /** Hears what other tabs post under that name; never what this one posts. */
  open(
    name: string,
    onMessage: (message: unknown) => void,
  ): { post: (message: unknown) => void; close: () => void };
}

/** Web Locks and BroadcastChannel; `undefined` where the browser lacks either: then every tab is alone. */
export function browserTabs(): TabsPort | undefined {
  if (typeof navigator === 'undefined' || !('locks' in navigator) || typeof BroadcastChannel === 'undefined')
    return undefined;
  const { locks } = navigator;
  return {
    acquire: (name, { wait, signal }) =>
      new Promise((resolve, reject) => {
        const hold = (lock: Lock | null) => {
          if (!lock) {
            resolve(undefined);
            return undefined;
          }
          // The lock is held as long as this promise is open.
          return new Promise<void>((release) => resolve(release));
        };
        (wait
          ? locks.request(name, { ...(signal && { signal }) }, hold)
          : locks.request(name, { ifAvailable: true }, hold)
        ).catch(reject);
      }),
    held: async () => new Set((await locks.query()).held?.flatMap(({ name }) => name ?? []) ?? []),
    open(name, onMessage) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = (event) => onMessage(event.data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
  };
}
