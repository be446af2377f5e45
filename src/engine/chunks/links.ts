/** Loads what imports videos from links, on first use; for `loadCode`. */
export const loadLinks = () => import('../links/index.js');
