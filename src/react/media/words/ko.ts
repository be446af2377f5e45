import type { MediaWords } from './en.js';

export const ko: MediaWords = {
  copyEmbed: '퍼가기 코드 복사',
  linkCopied: '링크 복사됨',
  embedCopied: '퍼가기 코드 복사됨',
  notCopied: '복사할 수 없음',
};
