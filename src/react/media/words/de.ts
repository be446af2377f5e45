import type { MediaWords } from './en.js';

export const de: MediaWords = {
  copyEmbed: 'Einbettungscode kopieren',
  linkCopied: 'Link kopiert',
  embedCopied: 'Einbettungscode kopiert',
  notCopied: 'Kopieren nicht möglich',
};
