/** Loads the client of the token endpoint, with the protocol's schemas, on first use; for `loadCode`. */
export const loadClient = () => import('../endpoint/client.js');
