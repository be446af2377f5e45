/** Loads what every first file needs, on first use; for `loadCode`. */
export const loadFirstFile = () => import('../first-file.js');
