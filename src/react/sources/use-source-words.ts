import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { overlay } from '../messages/overlay.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { en, type SourceWords } from './words/en.js';
import { within } from './within.js';

const loaders = import.meta.glob<Record<string, SourceWords>>(['./words/*.ts', '!./words/en.ts']);
/** After this English has to do. */
const patienceMs = 10_000;

const known = new Map<string, Deferred<SourceWords>>();

function wordsOf(language: string): Deferred<SourceWords> {
  let words = known.get(language);
  if (!words) known.set(language, (words = new Deferred(() => loadWords(language))));
  return words;
}

async function loadWords(language: string): Promise<SourceWords> {
  const load = loaders[`./words/${language.toLowerCase()}.ts`];
  try {
    return (load && Object.values(await within(patienceMs, load()))[0]) ?? en;
  } catch {
    return en;
  }
}

/** The words of the widget's language, with those of the host in their place; undefined while they are loaded. */
export function useSourceWords(): SourceWords | undefined {
  const { language, messages } = useWidget();
  const loaded = useDeferred(wordsOf(language));
  const words = language === 'en' ? en : loaded;
  const own = messages.sources;
  return useMemo(() => words && overlay<SourceWords>(words, own), [words, own]);
}
