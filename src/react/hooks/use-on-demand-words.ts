import { useMemo } from 'react';
import { useWidget } from '../context.js';
import { englishOnDemand, type OnDemandWords } from '../messages/en-on-demand.js';
import { overlay } from '../messages/overlay.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { within } from '../stores/within.js';

/** After this the parts are shown in English. */
const patienceMs = 10_000;

const files = import.meta.glob<Record<string, OnDemandWords>>('../locales/on-demand/*.ts');
const known = new Map<string, Deferred<OnDemandWords>>();

/**
 * The words of a part that is loaded on demand, with those of the host in their place; undefined while they are loaded.
 * English comes with the part; any other language is one file for all of these parts.
 */
export function useOnDemandWords<Part extends keyof OnDemandWords>(
  part: Part,
): OnDemandWords[Part] | undefined {
  const { language, messages } = useWidget();
  const loaded = useDeferred(wordsOf(language));
  const words = (language === 'en' ? englishOnDemand : loaded)?.[part];
  const own = messages[part];
  return useMemo(() => words && overlay(words, own), [words, own]);
}

function wordsOf(language: string): Deferred<OnDemandWords> {
  let words = known.get(language);
  if (!words) known.set(language, (words = new Deferred(() => load(language))));
  return words;
}

async function load(language: string): Promise<OnDemandWords> {
  const file = files[`../locales/on-demand/${language.toLowerCase()}.ts`];
  try {
    return (file && Object.values(await within(patienceMs, file()))[0]) ?? englishOnDemand;
  } catch {
    return englishOnDemand;
  }
}
