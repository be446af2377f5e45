/** Loads the reader of videos' headers, on first use; for `loadCode`. */
export const loadProbe = () => import('../restrictions/probe.js');
