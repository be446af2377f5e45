import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { localeTags } from '../messages/index.js';
import { en, type MediaWords } from './words/en.js';

const languages = import.meta.glob<Record<string, MediaWords>>(['./words/*.ts', '!./words/en.ts'], {
  eager: true,
});

it('has the words of copying in each language of the widget', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'words')).map((file) => path.parse(file).name);
  // The formal address of German shares its tag; these words address no person.
  const tags = localeTags.map((tag) => tag.toLowerCase()).filter((tag) => tag !== 'de-formal');
  expect(files.sort()).toEqual([...new Set(tags)].sort());
});

it.each(Object.entries(languages))('says what was copied in %s', (_file, module) => {
  const [words = en] = Object.values(module);
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe('');
});
