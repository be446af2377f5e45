import type { MediaWords } from './en.js';

export const id: MediaWords = {
  copyEmbed: 'Salin kode sematan',
  linkCopied: 'Tautan disalin',
  embedCopied: 'Kode sematan disalin',
  notCopied: 'Tidak dapat menyalin',
};
