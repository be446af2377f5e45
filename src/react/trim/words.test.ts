import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { localeTags } from '../messages/index.js';
import { en, type TrimWords } from './words/en.js';

const languages = import.meta.glob<Record<string, TrimWords>>(['./words/*.ts', '!./words/en.ts'], {
  eager: true,
});

/** Every text under its key; the forms of a plural under `useForAll`. */
function textsOf(words: object, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, text]: [string, unknown]) =>
    typeof text === 'string' ? [[prefix + key, text]] : textsOf(text as object, `${prefix}${key}.`),
  );
}
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const plural = /^useForAll/;

it('has the words of trimming and shrinking in each language of the widget', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'words')).map((file) => path.parse(file).name);
  // The formal address of German shares its tag; these words address no person.
  const tags = localeTags.map((tag) => tag.toLowerCase()).filter((tag) => tag !== 'de-formal');
  expect(files.sort()).toEqual([...new Set(tags)].sort());
});

it.each(Object.entries(languages))('says all of it, with the same values, in %s', (_file, module) => {
  const [words = en] = Object.values(module);
  const said = new Map(textsOf(words).filter(([key]) => !plural.test(key)));
  const english = textsOf(en).filter(([key]) => !plural.test(key));
  expect([...said.keys()].sort()).toEqual(english.map(([key]) => key).sort());
  for (const [key, text] of english)
    expect(placeholders(said.get(key) ?? ''), key).toEqual(placeholders(text));
  for (const [key, text] of said) expect(text.trim(), key).not.toBe('');
});
