/** Loads the uploads themselves, on first use; for `loadCode`. */
export const loadRunner = () => import('../running.js');
