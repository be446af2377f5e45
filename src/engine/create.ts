import { lazyJournalStore, lazyWorkers } from './lazy.js';
import { browserNetwork } from './network.js';
import type { UploaderOptions } from './options.js';
import { systemClock } from './retry/clock.js';
import { browserTabs } from './tabs/port.js';
import type { Uploader } from './types.js';
import { EngineUploader } from './uploader.js';

/**
 * Makes an uploader. It touches nothing but IndexedDB until files are added; workers start on first use.
 *
 * @example
 * const uploader = createUploader({ endpoint: '/api/uploads', provider: 'huawei-vod' });
 * uploader.subscribe(() => console.log(uploader.getSnapshot().uploads));
 * input.onchange = () => uploader.add(input.files);
 */
export function createUploader(options: UploaderOptions): Uploader {
  preloadWhenIdle();
  return new EngineUploader(options, {
    workers: lazyWorkers(async () => (await import('./worker/client.js')).createPartWorkers()),
    fetch: (...call) => fetch(...call),
    store: lazyJournalStore(async () => new (await import('./resume/indexed-db.js')).IndexedDbJournalStore()),
    network: browserNetwork,
    tabs: browserTabs(),
    // Loaded when a rule needs it.
    probe: async (file) => (await import('./restrictions/probe.js')).probeMedia(file),
    clock: systemClock,
    random: Math.random,
    newId,
    ...options.ports,
  });
}

/** What the first file needs is fetched before it is there, so that a line that breaks just then does not matter. */
function preloadWhenIdle(): void {
  if (typeof requestIdleCallback !== 'function') return;
  requestIdleCallback(() => {
    Promise.all([
      import('./runner.js'),
      import('./effects/index.js'),
      import('./endpoint/client.js'),
      import('./worker/client.js'),
      import('./restrictions/intake.js'),
    ])
      // Fetched again, and reported, when it is needed.
      .catch(() => {});
  });
}

/** `crypto.randomUUID` is missing on pages without HTTPS; random values are there always. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
