import { englishLabels, englishSentences } from './en.js';
import { overlay } from './overlay.js';
import type { PartialWords, Words } from './words.js';

export const enWords: Words = { ...englishLabels, ...englishSentences };

/** The words of a language, each one that is missing in English. */
export function completeWords(words: PartialWords = {}): Words {
  return {
    ...overlay(enWords, words),
    things: overlay(enWords.things, words.things),
    many: overlay(enWords.many, words.many),
    one: enWords.one && overlay(enWords.one, words.one),
    rejectedType: overlay(enWords.rejectedType, words.rejectedType),
    rejections: overlay(enWords.rejections, words.rejections),
    rejectionSentences: overlay(enWords.rejectionSentences, words.rejectionSentences),
  };
}
