/** Loads what adds files, on first use; for `loadCode`. */
export const loadAdding = () => import('../adding.js');
