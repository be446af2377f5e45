/** Loads the look at a silent store, on first use; for `loadCode`. */
export const loadStoreLook = () => import('../effects/look-at-store.js');
