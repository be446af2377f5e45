/** Loads the workers that hash and send parts, on first use; for `loadCode`. */
export const loadWorkers = () => import('../worker/client.js');
