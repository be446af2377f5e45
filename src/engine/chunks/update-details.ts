/** Loads the call that changes title, description and tags, on first use; for `loadCode`. */
export const loadUpdateDetails = () => import('../effects/update-details.js');
