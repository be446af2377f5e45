import path from 'node:path';
import { expect, it } from 'vitest';
import { englishOnDemand, type OnDemandWords } from './en-on-demand.js';
import { localeTags } from './index.js';

const files = import.meta.glob<Record<string, OnDemandWords>>('../locales/on-demand/*.ts', { eager: true });
const languages = Object.entries(files).map(([file, module]): [string, OnDemandWords] => [
  path.parse(file).name,
  Object.values(module)[0] as OnDemandWords,
]);

type Text = string | { readonly [form: string]: string };

const isPlural = (text: object): text is { readonly [form: string]: string } => 'other' in text;

/** Every text under its key, `sources.linkProblems.no-link`; the forms of a plural stay together. */
function textsOf(words: object, prefix = ''): [key: string, text: Text][] {
  return Object.entries(words).flatMap(([key, text]: [string, string | object]) =>
    typeof text === 'string' || isPlural(text)
      ? [[prefix + key, text] as [string, Text]]
      : textsOf(text, `${prefix}${key}.`),
  );
}

const formsOf = (text: Text) => (typeof text === 'string' ? [text] : Object.values(text));
const valuesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

it('has the words of parts that are loaded on demand in each language of the widget', () => {
  const offered = localeTags.map((tag) => tag.toLowerCase());
  // English comes with the parts. The formal address of German shares the tag, and so the words, of German.
  const expected = offered.filter((tag) => tag !== 'en' && tag !== 'de-formal');
  expect(languages.map(([name]) => name).sort()).toEqual(expected.sort());
});

it('addresses no person in German there, so that both addresses can share the words', () => {
  const { de } = Object.fromEntries(languages);
  expect(JSON.stringify(de)).not.toMatch(
    /\b(du|dich|dir|deine?[mnrs]?|kannst|bist|Sie|Ihnen|Ihre?[mnrs]?)\b/,
  );
});

it.each(languages)('says all of these parts, with the values of the English ones, in %s', (_name, words) => {
  const said = new Map(textsOf(words));
  const english = textsOf(englishOnDemand);
  expect([...said.keys()].sort()).toEqual(english.map(([key]) => key).sort());
  for (const [key, text] of english) {
    const values = valuesIn(formsOf(text).at(-1) ?? '');
    for (const form of formsOf(said.get(key) ?? '')) {
      expect(form.trim(), key).not.toBe('');
      expect(valuesIn(form), key).toEqual(values);
    }
  }
});

it.each(languages)(
  'has there each plural form that %s needs for one to ten thousand things',
  (name, words) => {
    const rules = new Intl.PluralRules(name);
    const needed = new Set(Array.from({ length: 10_000 }, (_, index) => rules.select(index + 1)));
    // A sentence without forms is the same for every number.
    const missing = textsOf(words).flatMap(([key, text]) =>
      typeof text === 'string'
        ? []
        : [...needed].filter((form) => !(form in text)).map((form) => `${key}.${form}`),
    );
    expect(missing).toEqual([]);
  },
);
