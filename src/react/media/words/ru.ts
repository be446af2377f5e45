import type { MediaWords } from './en.js';

export const ru: MediaWords = {
  copyEmbed: 'Копировать код вставки',
  linkCopied: 'Ссылка скопирована',
  embedCopied: 'Код вставки скопирован',
  notCopied: 'Не удалось скопировать',
};
