import type { MediaWords } from './en.js';

export const vi: MediaWords = {
  copyEmbed: 'Sao chép mã nhúng',
  linkCopied: 'Đã sao chép liên kết',
  embedCopied: 'Đã sao chép mã nhúng',
  notCopied: 'Không sao chép được',
};
