import type { MediaWords } from './en.js';

export const ar: MediaWords = {
  copyEmbed: 'نسخ رمز التضمين',
  linkCopied: 'تم نسخ الرابط',
  embedCopied: 'تم نسخ رمز التضمين',
  notCopied: 'تعذّر النسخ',
};
