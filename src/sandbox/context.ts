import type { Clock } from './clock.js';
import type { EventOutbox } from './events/outbox.js';
import type { SandboxSettings } from './options.js';
import type { ObjectStore } from './store/object-store.js';

/** Dependencies of every emulated service. */
export interface SandboxContext {
  /** The sandbox's own origin. A function, because the port is known only once the server listens. */
  baseUrl: () => string;
  now: Clock;
  store: ObjectStore;
  settings: SandboxSettings;
  processingMs: number;
  /** Messages about media, where the account has them sent. */
  events: EventOutbox;
}
