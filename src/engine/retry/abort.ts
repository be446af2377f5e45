/** The reason of an aborted signal as an Error, whatever it was aborted with. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('aborted', 'AbortError');
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/**
 * A promise that also rejects, with the signal's reason, as soon as the signal is aborted. `begin` answers how to stop
 * what it began; that is called on an abort only, and listeners never outlive the promise.
 */
export function abortable<T>(
  signal: AbortSignal | undefined,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    let stop = () => {};
    const onAbort = () => {
      stop();
      reject(abortReason(signal));
    };
    const settled = () => signal?.removeEventListener('abort', onAbort);
    signal?.addEventListener('abort', onAbort, { once: true });
    stop = begin(
      (value) => {
        settled();
        resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error instanceof Error ? error : new Error('rejected without an error', { cause: error }));
      },
    );
  });
}

/** Settles with the promise, or rejects as soon as the signal is aborted; the promise itself goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // After an abort its rejection would be unhandled.
  promise.catch(() => {});
  return abortable(signal, (resolve, reject) => {
    promise.then(resolve, reject);
    return () => {};
  });
}

/** A controller that is aborted with any of the signals. Call `unlink` when it is no longer needed. */
export function linkedController(...signals: readonly AbortSignal[]): {
  controller: AbortController;
  unlink: () => void;
} {
  const controller = new AbortController();
  const stop = () => controller.abort(abortReason(signals.find(({ aborted }) => aborted)));
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  if (signals.some(({ aborted }) => aborted)) stop();
  return {
    controller,
    unlink: () => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    },
  };
}
