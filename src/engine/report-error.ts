/** Reports an error of the host's own code as if it were uncaught, so that it is seen without stopping anything else. */
export function reportHostError(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else
    queueMicrotask(() => {
      throw error;
    });
}

/** Calls a function of the host; what it throws is reported. */
export function callHost(call: () => void): void {
  try {
    call();
  } catch (error) {
    reportHostError(error);
  }
}
