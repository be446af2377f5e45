import type { MediaWords } from './en.js';

export const ptBr: MediaWords = {
  copyEmbed: 'Copiar código de incorporação',
  linkCopied: 'Link copiado',
  embedCopied: 'Código de incorporação copiado',
  notCopied: 'Não foi possível copiar',
};
