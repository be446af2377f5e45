import { loadFirstFile } from './chunks/first-file.js';
import { loadProbe } from './chunks/probe.js';
import { lazyJournalStore, lazyWorkers } from './lazy.js';
import { type LoadPorts, loadCode } from './load-code.js';
import { browserNetwork } from './network.js';
import type { UploaderOptions } from './options.js';
import type { EnginePorts } from './ports.js';
import { JournalDatabase } from './resume/journal-database.js';
import type { JournalStore } from './resume/store.js';
import { systemClock } from './retry/clock.js';
import { browserTabs } from './tabs/port.js';
import type { Uploader } from './types.js';
import { EngineUploader } from './uploader.js';

const preloadAfterMs = 1000;

/**
 * Makes an uploader. Its code is loaded beside the page, and until files are added it touches nothing but IndexedDB; when
 * the page is idle it starts one worker.
 *
 * @example
 * const uploader = createUploader({ endpoint: '/api/uploads', provider: 'huawei-vod' });
 * uploader.subscribe(() => console.log(uploader.getSnapshot().uploads));
 * input.onchange = () => uploader.add(input.files);
 */
export function createUploader(options: UploaderOptions): Uploader {
  const { network = browserNetwork, clock = systemClock } = options.ports ?? {};
  const load = { network, clock };
  const ports: EnginePorts = {
    workers: lazyWorkers(async (signal) => (await loadCode(loadFirstFile, load, signal)).createWorkers()),
    fetch: (...call) => fetch(...call),
    store: options.ports?.store ?? browserJournal(load),
    network,
    tabs: browserTabs(),
    probe: async (file) => (await loadCode(loadProbe, load)).probeMedia(file),
    clock,
    random: Math.random,
    newId,
    ...options.ports,
  };
  preloadWhenIdle(ports);
  return new EngineUploader(options, ports);
}

/** Not every page may use IndexedDB; the journal finds that out itself. */
function browserJournal(load: LoadPorts): JournalStore {
  const database = new JournalDatabase();
  database.open().catch(() => {});
  return lazyJournalStore(
    async () => new (await loadCode(loadFirstFile, load)).IndexedDbJournalStore(database),
  );
}

/**
 * What the first file needs is fetched before it is there, so that a network that breaks just then, or a deploy that
 * removes these files, does not matter.
 */
function preloadWhenIdle({ workers, network, clock }: EnginePorts): void {
  // On a server no file is ever added.
  if (typeof window === 'undefined') return;
  const load = { network, clock };
  const preload = () => {
    workers.preload?.();
    // Loaded again, and reported, when it is needed.
    loadCode(loadFirstFile, load).catch(() => {});
  };
  // Safari has no requestIdleCallback (https://bugs.webkit.org/show_bug.cgi?id=164193).
  if (typeof requestIdleCallback === 'function') requestIdleCallback(preload);
  else setTimeout(preload, preloadAfterMs);
}

/** `crypto.randomUUID` is missing on pages without HTTPS; random values are there always. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
