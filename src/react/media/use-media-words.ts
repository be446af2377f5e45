import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { overlay } from '../messages/overlay.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { LazyWords } from '../stores/lazy-words.js';
import { en, type MediaWords } from './words/en.js';

const lazyWords = new LazyWords<MediaWords>(
  en,
  import.meta.glob<Record<string, MediaWords>>(['./words/*.ts', '!./words/en.ts']),
);
const english = new Deferred(() => Promise.resolve(en));

/** The words of the widget's language, with those of the host in their place. English until they are loaded. */
export function useMediaWords(isNeeded: boolean): MediaWords {
  const { language, messages } = useWidget();
  const words = useDeferred(isNeeded && language !== 'en' ? lazyWords.of(language) : english) ?? en;
  const own = messages.media;
  return useMemo(() => overlay<MediaWords>(words, own), [words, own]);
}
