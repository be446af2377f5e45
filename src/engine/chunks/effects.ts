/** Loads the work of uploads, on first use; for `loadCode`. */
export const loadEffects = () => import('../effects/index.js');
