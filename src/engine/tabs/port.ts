/** What the tabs of one browser share: locks, which the browser releases when a tab dies, and a channel. */
export interface TabsPort {
  /**
   * Takes the lock of that name and resolves with the function that releases it. When another tab has it: `undefined`
   * at once, or with `wait`, resolves once it is free. Rejects with the signal's reason.
   */
  acquire(name: string, options: { wait: boolean; signal?: AbortSignal }): Promise<(() => void) | undefined>;
  /** Names of all locks that any tab has. */
  lockedNames(): Promise<ReadonlySet<string>>;
  /** Opens the channel of that name. A tab does not receive what it posts itself. Throws where there is none. */
  open(
    name: string,
    onMessage: (message: unknown) => void,
  ): { post: (message: unknown) => void; close: () => void };
}

/**
 * Web Locks and BroadcastChannel. Without locks `undefined`: then every tab works alone. Without channels, uploads keep
 * one owner, and tabs learn of each other from the locks and the journal only.
 */
export function browserTabs(): TabsPort | undefined {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return undefined;
  const { locks } = navigator;
  return {
    acquire: (name, { wait, signal }) =>
      new Promise((resolve, reject) => {
        const onLock = (lock: Lock | null) => {
          if (!lock) {
            resolve(undefined);
            return undefined;
          }
          // The browser keeps the lock until this promise is settled.
          return new Promise<void>((release) => resolve(release));
        };
        (wait
          ? locks.request(name, { signal }, onLock)
          : locks.request(name, { ifAvailable: true }, onLock)
        ).catch(reject);
      }),
    lockedNames: async () => new Set((await locks.query()).held?.flatMap(({ name }) => name ?? []) ?? []),
    open(name, onMessage) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = (event) => onMessage(event.data);
      return { post: (message) => channel.postMessage(message), close: () => channel.close() };
    },
  };
}
