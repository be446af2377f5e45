import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { overlay } from '../messages/overlay.js';
import { useDeferred } from '../stores/deferred.js';
import { LazyWords } from '../stores/lazy-words.js';
import { en, type TrimWords } from './words/en.js';

const lazyWords = new LazyWords<TrimWords>(
  en,
  import.meta.glob<Record<string, TrimWords>>(['./words/*.ts', '!./words/en.ts']),
);

/** The words of the widget's language, with those of the host in their place; undefined while they are loaded. */
export function useTrimWords(): TrimWords | undefined {
  const { language, messages } = useWidget();
  const loaded = useDeferred(lazyWords.of(language));
  const words = language === 'en' ? en : loaded;
  const own = messages.trim;
  return useMemo(() => words && overlay<TrimWords>(words, own), [words, own]);
}
