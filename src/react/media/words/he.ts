import type { MediaWords } from './en.js';

export const he: MediaWords = {
  copyEmbed: 'העתקת קוד הטמעה',
  linkCopied: 'הקישור הועתק',
  embedCopied: 'קוד ההטמעה הועתק',
  notCopied: 'לא ניתן להעתיק',
};
