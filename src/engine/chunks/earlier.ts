/** Loads what resumes or discards an upload of an earlier visit, on first use; for `loadCode`. */
export const loadEarlier = () => import('../effects/resume-session.js');
