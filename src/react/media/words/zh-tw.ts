import type { MediaWords } from './en.js';

export const zhTw: MediaWords = {
  copyEmbed: '複製嵌入程式碼',
  linkCopied: '已複製連結',
  embedCopied: '已複製嵌入程式碼',
  notCopied: '無法複製',
};
