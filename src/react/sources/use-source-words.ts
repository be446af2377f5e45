import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { overlay } from '../messages/overlay.js';
import { useDeferred } from '../stores/deferred.js';
import { LazyWords } from '../stores/lazy-words.js';
import { en, type SourceWords } from './words/en.js';

const lazyWords = new LazyWords<SourceWords>(
  en,
  import.meta.glob<Record<string, SourceWords>>(['./words/*.ts', '!./words/en.ts']),
);

/** The words of the widget's language, with those of the host in their place; undefined while they are loaded. */
export function useSourceWords(): SourceWords | undefined {
  const { language, messages } = useWidget();
  const loaded = useDeferred(lazyWords.of(language));
  const words = language === 'en' ? en : loaded;
  const own = messages.sources;
  return useMemo(() => words && overlay<SourceWords>(words, own), [words, own]);
}
