import type { Network } from './network.js';
import type { JournalStore } from './resume/store.js';
import type { Clock } from './retry/clock.js';
import type { TabsPort } from './tabs/port.js';
import type { MediaProbe } from './types.js';
import type { PartWorkers } from './worker/client.js';

/** What the engine needs from outside. Browsers have all of it; tests bring their own. */
export interface EnginePorts {
  /** Reads, hashes and sends bytes. */
  workers: PartWorkers;
  /** Calls the token endpoint. */
  fetch: typeof fetch;
  /** Remembers unfinished uploads. */
  store: JournalStore;
  network: Network;
  /**
   * Whether the server of an address answers at all, though the page may not read its answers. Default: asks with
   * `no-cors`.
   */
  reach?: ((url: string) => Promise<boolean>) | undefined;
  /** Reads a file's headers. */
  probe: (file: File) => Promise<MediaProbe | undefined>;
  /** What the tabs of this browser share; absent where each is alone. */
  tabs: TabsPort | undefined;
  clock: Clock;
  /** 0 to 1; for jitter. */
  random: () => number;
  newId: () => string;
}
