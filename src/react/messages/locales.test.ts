import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errors } from './en-errors.js';
import { createFormat } from '../format/index.js';
import {
  createMessages,
  enWords,
  loadLocale,
  localeTags,
  matchLocale,
  type Plural,
  type Words,
} from './index.js';

type Text = Plural | Record<string, Plural>;

const formsOf = (text: Text): string[] =>
  typeof text === 'string' ? [text] : Object.values(text).flatMap(formsOf);
const namesIn = (text: Text) =>
  new Set(formsOf(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)));
/** Facts that a sentence may leave out: a language has its own ways of saying it. */
const optional = new Set(['n', 'one', 'many', 'type', 'things', 'left']);

const others = localeTags.filter((tag) => tag !== 'en');

describe.each(others)('%s', (tag) => {
  it('says every word, with the facts of the English one and no others', async () => {
    const { words, tag: own } = await loadLocale(tag);
    expect(own).toBe(tag);
    for (const key of Object.keys(enWords).filter((name) => name !== 'one') as Exclude<
      keyof Words,
      'one'
    >[]) {
      const [mine, english] = [words[key], enWords[key]];
      expect(mine, key).toBeDefined();
      for (const form of formsOf(mine)) expect(form.trim(), key).not.toBe('');
      const allowed = new Set([...namesIn(english), ...optional, 'limit', 'actual']);
      expect(
        [...namesIn(mine)].filter((name) => !allowed.has(name)),
        key,
      ).toEqual([]);
      expect(
        [...namesIn(english)].filter((name) => !optional.has(name) && !namesIn(mine).has(name)),
        key,
      ).toEqual([]);
    }
  });

  it('says what happened for every code', async () => {
    const { failures } = await loadLocale(tag);
    expect(Object.keys(errors).filter((code) => !(code in failures))).toEqual([]);
  });

  it('has the plural forms of its language', async () => {
    const { words } = await loadLocale(tag);
    const [messages, format] = [createMessages(words), createFormat(tag)];
    for (const count of [1, 2, 5, 21, 100]) {
      const text = messages.totalUploading({ count, kind: 'video' }, format);
      expect(text).not.toMatch(/[{}]|undefined/);
      if (count > 2) expect(text).toContain(format.number(count));
    }
  });
});

it('offers every language that has a file in the folder, and no other', () => {
  const files = readdirSync(path.join(import.meta.dirname, '../locales')).map(
    (file) => path.parse(file).name,
  );
  expect([...localeTags].map((tag) => tag.toLowerCase()).sort()).toEqual(files.sort());
});

it('rejects a language that has no file', async () => {
  await expect(loadLocale('tlh')).rejects.toThrow(RangeError);
});

it('finds the language that a tag means', () => {
  expect(
    ['zh', 'zh-Hant-HK', 'zh-CN', 'pt', 'pt-PT', 'de-AT', 'en-GB', 'iw', 'tlh'].map(matchLocale),
  ).toEqual(['zh-CN', 'zh-TW', 'zh-CN', 'pt-BR', 'pt-BR', 'de', 'en', 'he', undefined]);
});
