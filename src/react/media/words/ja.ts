import type { MediaWords } from './en.js';

export const ja: MediaWords = {
  copyEmbed: '埋め込みコードをコピー',
  linkCopied: 'リンクをコピーしました',
  embedCopied: '埋め込みコードをコピーしました',
  notCopied: 'コピーできませんでした',
};
