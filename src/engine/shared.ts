/*
 * What the widget uses of the engine before the engine is loaded. Apart from `index.ts`: a static import of that would
 * bring the whole engine in front of the drop zone.
 */
export { Poller } from './effects/poller.js';
export { Listeners } from './listeners.js';
export { PollingPace } from './polling-pace.js';
export { callHost, reportHostError } from './report-error.js';
export { reopen } from './resume/reopen.js';
export { systemClock } from './retry/clock.js';
export { warnOnce } from './warn-once.js';
export { startWorker } from './worker/start-worker.js';
