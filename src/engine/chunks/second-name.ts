/** Loads the use of a store's second name, on first use; for `loadCode`. */
export const loadSecondName = () => import('../parts/second-name.js');
