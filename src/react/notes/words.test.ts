import { expect, it } from 'vitest';
import { localeTags } from '../messages/index.js';
import { en, type NoteWords } from './words/en.js';

const languages = import.meta.glob<Record<string, NoteWords>>(['./words/*.ts'], { eager: true });
const plurals = /^title/;
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

it('has the words of the notes in each language of the widget', () => {
  const files = Object.keys(languages).map((file) => /(\w[\w-]*)\.ts$/.exec(file)?.[1]);
  // The formal address of German shares its tag; these words address no person.
  const tags = localeTags.map((tag) => tag.toLowerCase()).filter((tag) => tag !== 'de-formal');
  expect(files.sort()).toEqual([...new Set(tags)].sort());
});

it.each(Object.entries(languages))('says all of the notes, with the same values, in %s', (_file, module) => {
  const [words = en] = Object.values(module);
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en).filter(([key]) => !plurals.test(key))) {
    const said = words[key as keyof NoteWords] as string;
    expect(placeholders(said), key).toEqual(placeholders(text as string));
  }
  for (const forms of [words.title, words.titleSent])
    for (const text of typeof forms === 'string' ? [forms] : Object.values(forms))
      expect(text).toContain('{n}');
});
