import { browserNetwork } from './network.js';
import type { UploaderOptions } from './options.js';
import { IndexedDbResumeStore } from './resume/indexed-db.js';
import { systemClock } from './retry/clock.js';
import type { Uploader } from './types.js';
import { EngineUploader } from './uploader.js';
import { createPartWorkers } from './worker/client.js';

/**
 * Makes an uploader. It touches nothing but IndexedDB until files are added; workers start on first use.
 *
 * @example
 * const uploader = createUploader({ endpoint: '/api/uploads', provider: 'huawei-vod' });
 * uploader.subscribe(() => console.log(uploader.getSnapshot().uploads));
 * input.onchange = () => uploader.add(input.files);
 */
export function createUploader(options: UploaderOptions): Uploader {
  return new EngineUploader(options, {
    workers: createPartWorkers(),
    fetch: (...call) => fetch(...call),
    store: new IndexedDbResumeStore(),
    network: browserNetwork,
    // Loaded when a rule needs it.
    probe: async (file) => (await import('./restrictions/probe.js')).probeMedia(file),
    clock: systemClock,
    random: Math.random,
    newId,
    ...options.ports,
  });
}

/** `crypto.randomUUID` is missing on pages without HTTPS; random values are there always. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
