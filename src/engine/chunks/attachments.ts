/** Loads the sending of covers and subtitles, on first use; for `loadCode`. */
export const loadAttachments = () => import('../effects/send-attachments.js');
