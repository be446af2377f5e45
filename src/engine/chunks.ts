/** The parts of the engine that are loaded on first use; for `loadCode`. */
export const loadRunner = () => import('./runner.js');
export const loadEffects = () => import('./effects/index.js');
export const loadAttachments = () => import('./effects/send-attachments.js');
export const loadClient = () => import('./endpoint/client.js');
export const loadAdding = () => import('./adding.js');
export const loadProbe = () => import('./restrictions/probe.js');
export const loadWorkers = () => import('./worker/client.js');
