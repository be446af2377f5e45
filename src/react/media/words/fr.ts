import type { MediaWords } from './en.js';

export const fr: MediaWords = {
  copyEmbed: 'Copier le code d’intégration',
  linkCopied: 'Lien copié',
  embedCopied: 'Code d’intégration copié',
  notCopied: 'Copie impossible',
};
