import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { overlay } from '../messages/overlay.js';
import { useDeferred } from '../stores/deferred.js';
import { LazyWords } from '../stores/lazy-words.js';
import { en, type NoteWords } from './words/en.js';

const lazyWords = new LazyWords<NoteWords>(
  en,
  import.meta.glob<Record<string, NoteWords>>(['./words/*.ts', '!./words/en.ts']),
);

/** The words of the notes, with those of the host in their place; undefined while they are loaded. */
export function useNoteWords(): NoteWords | undefined {
  const { language, messages } = useWidget();
  const loaded = useDeferred(lazyWords.of(language));
  const words = language === 'en' ? en : loaded;
  const own = messages.notes;
  return useMemo(() => words && overlay<NoteWords>(words, own), [words, own]);
}
