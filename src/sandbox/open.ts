import { assembleSandbox, type SandboxCredentials } from './assemble.js';
import { exchangeInProcess } from './http/in-process.js';
import type { SandboxOptions } from './options.js';
import { MemoryByteStore } from './store/byte-store.js';

/** Options of {@link startSandbox}. */
export interface LocalSandboxOptions extends Omit<SandboxOptions, 'port' | 'host' | 'dataDir'> {
  /** Origin that requests name and addresses in answers begin with. Default `http://sandbox.test`. */
  url?: string;
}

/** The emulated clouds without a port and without files. */
export interface LocalSandbox {
  url: string;
  /** Configuration for a token endpoint that uses the sandbox. */
  credentials: SandboxCredentials;
  /**
   * Answers a request to the sandbox's origin. Rejects with `TypeError`, as `fetch` does, when the connection is dropped
   * by a fault rule, and with the signal's reason when the request is aborted.
   */
  fetch: (request: Request) => Promise<Response>;
  /** Aborts requests under way. */
  close: () => Promise<void>;
}

/**
 * Opens the emulated clouds in this process: the same services as `startSandbox`, with bytes in memory, for tests that
 * control time and messages.
 *
 * @example
 * const sandbox = openSandbox({ now: () => clock.now() });
 * const provider = s3({ ...sandbox.credentials.s3, fetch: (...call) => sandbox.fetch(new Request(...call)) });
 */
export function openSandbox({
  url = 'http://sandbox.test',
  ...options
}: LocalSandboxOptions = {}): LocalSandbox {
  const { sandbox, credentials } = assembleSandbox(options, new MemoryByteStore(), () => url);
  return {
    url,
    credentials: credentials(),
    fetch: (request) => exchangeInProcess(request, sandbox.handle),
    close: () => sandbox.close(),
  };
}
