/** Loads what reads videos' headers and compares them with the limits, on first use; for `loadCode`. */
export const loadProbe = () => import('../restrictions/probe.js');
