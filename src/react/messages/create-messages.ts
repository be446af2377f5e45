import type { Messages } from './messages.js';
import {
  detailsSentences,
  dragSentences,
  rejectionSentences,
  rowSentences,
  spokenSentences,
  totalSentences,
  unfinishedSentences,
  zoneSentences,
} from './sentences.js';
import type { Words } from './words.js';

/** Turns the words of a language into what the widget calls: labels as they are, sentences as functions. */
export function createMessages(words: Words): Messages {
  return { ...words, ...composeSentences(words), errors: {} };
}

/** Everything that takes parameters or is made of several words; its type is that part of {@link Messages}. */
export function composeSentences(words: Words) {
  return {
    ...zoneSentences(words),
    ...dragSentences(words),
    ...rowSentences(words),
    ...unfinishedSentences(words),
    ...rejectionSentences(words),
    ...totalSentences(words),
    ...detailsSentences(words),
    ...spokenSentences(words),
  };
}
