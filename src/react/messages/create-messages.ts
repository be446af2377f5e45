import type { Messages } from './messages.js';
import { composeSentences } from './sentences.js';
import type { Words } from './words.js';

/** Turns the words of a language into what the widget calls: labels as they are, sentences as functions. */
export function createMessages(words: Words): Messages {
  return { ...words, ...composeSentences(words), errors: {}, sources: {}, notes: {}, trim: {} };
}
