import type { MediaWords } from './en.js';

export const zhCn: MediaWords = {
  copyEmbed: '复制嵌入代码',
  linkCopied: '链接已复制',
  embedCopied: '嵌入代码已复制',
  notCopied: '无法复制',
};
