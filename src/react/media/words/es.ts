import type { MediaWords } from './en.js';

export const es: MediaWords = {
  copyEmbed: 'Copiar código de inserción',
  linkCopied: 'Enlace copiado',
  embedCopied: 'Código de inserción copiado',
  notCopied: 'No se pudo copiar',
};
