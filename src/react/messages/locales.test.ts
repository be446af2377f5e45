import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UploadErrorCode } from '../../engine/index.js';
import { errors } from './en-errors.js';
import { createFormat } from '../format/index.js';
import {
  createMessages,
  enWords,
  loadLocale,
  localeTags,
  matchLocale,
  type FailureText,
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

const entries = Object.entries(errors) as [UploadErrorCode, FailureText][];

/** The texts that depend on a count: those that have forms in English, and those with a count in them. */
function* plurals(words: Words): Generator<[key: string, text: Plural]> {
  const isPlural = (text: unknown) =>
    typeof text === 'string'
      ? text.includes('{n}')
      : typeof text === 'object' && text !== null && 'other' in text;
  for (const [key, english] of Object.entries(enWords)) {
    const own: unknown = words[key as keyof Words];
    if (isPlural(english) || isPlural(own)) yield [key, own as Plural];
    else if (typeof english === 'object')
      for (const [inner, text] of Object.entries(english))
        if (isPlural(text)) yield [`${key}.${inner}`, (own as Record<string, Plural>)[inner] ?? ''];
  }
}

/** With a count as a bare figure: of a line, of a unit that is abbreviated, or of what stands apart from it. */
const figures: Record<string, string> = {
  all: 'ahead rejectedMore readyOf subtitleTime subtitleBackwards percent sayPercent',
  de: 'dragAcceptNote rejections.too-many-files rejectedAll triedAndKept triedNothingKept countReady',
  fr: 'dragAcceptNote rejectedAll',
  es: 'dragAcceptNote rejectedAll',
  'pt-BR': 'dragAcceptNote rejectedAll',
  ru: 'dragAcceptNote things.video countReady',
  ar: 'dragAcceptNote',
  he: 'dragAcceptNote',
};

function isUninflected(tag: string, key: string, text: string): boolean {
  if (text.includes('{things}')) return true;
  const listed = `${figures.all ?? ''} ${figures[tag === 'de-formal' ? 'de' : tag] ?? ''}`;
  return listed.split(' ').includes(key);
}

const others = localeTags.filter((tag) => tag !== 'en');

describe.each(others)('%s', (tag) => {
  it('says every word, with the values of the English one and no others', async () => {
    const { words, tag: own } = await loadLocale(tag);
    // An address is a choice of words; the language is the same.
    expect(own).toBe(tag === 'de-formal' ? 'de' : tag);
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

  it('says for every code what happened, and what became of the bytes where the English does', async () => {
    const { failures } = await loadLocale(tag);
    for (const [code, english] of entries) {
      const own = failures[code];
      expect(own, code).toBeDefined();
      expect(own[2] !== undefined, code).toBe(english.kept !== undefined);
    }
  });

  it('has each plural form that its language needs for one to ten thousand things', async () => {
    const { words } = await loadLocale(tag);
    const rules = new Intl.PluralRules(tag);
    const needed = new Set(Array.from({ length: 10_000 }, (_, index) => rules.select(index + 1)));
    const missing = [...plurals(words)].flatMap(([key, text]) => {
      // A counted noun has its own forms, and some sentences are the same for every number.
      const isOne = typeof text === 'string' && (needed.size === 1 || isUninflected(tag, key, text));
      if (isOne) return [];
      const forms: Partial<Record<string, string>> = typeof text === 'string' ? {} : text;
      return [...needed].filter((form) => forms[form] === undefined).map((form) => `${key}.${form}`);
    });
    expect(missing).toEqual([]);
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
  const files = readdirSync(path.join(import.meta.dirname, '../locales'))
    .filter((entry) => entry.endsWith('.ts'))
    .map((file) => path.parse(file).name);
  expect([...localeTags].map((tag) => tag.toLowerCase()).sort()).toEqual(files.sort());
});

it('speaks German formally with de-formal, and finds no informal word left', async () => {
  const { words, failures } = await loadLocale('de-formal');
  expect(words.notShown).toBe('Dieser Browser kann das Video nicht zeigen. Wählen Sie ein Bild.');
  expect(failures.unauthorized[0]).toBe('Sie sind abgemeldet.');
  const said = JSON.stringify([words, failures]);
  expect(said.match(/\b(du|dich|dir|deine?[mnrs]?|kannst|bist)\b/gi)).toBeNull();
});

it('says two things in Arabic in the case that its sentences need', async () => {
  const { words } = await loadLocale('ar');
  const [messages, format] = [createMessages(words), createFormat('ar')];
  expect(messages.totalUploading({ count: 2, kind: 'video' }, format)).toBe('جارٍ رفع فيديوهين');
  expect(messages.dragAccept({ count: 2, kind: 'file' }, format)).toBe('أفلت لإضافة ملفين');
  expect(messages.rejections['too-many-files']({ kind: 'video', limit: 5 }, format)).toBe(
    'فوق الحد المسموح: 5 ملفات',
  );
});

describe.each(['ar', 'he'])('%s, from right to left', (tag) => {
  it('isolates file names, measures and codecs of the other direction inside its sentences', async () => {
    const { words } = await loadLocale(tag);
    const [messages, format] = [createMessages(words), createFormat(tag)];
    const isolated = /\u2068[^\u2068\u2069]*\p{Script=Latin}[^\u2068\u2069]*\u2069/u;
    const said = [
      messages.unfinished({ name: 'lecture (final).mp4', percent: 63 }, format),
      messages.wrongFile({ name: 'b.mov' }),
      messages.removeNamed('b.mov'),
      messages.sayReady({ names: ['b.mov'], kind: 'video' }, format),
      messages.bytesKept('6.3 MB'),
      messages.sentWillBeDeleted('6.3 MB'),
      messages.rejections['codec-not-accepted']({ kind: 'video', limit: undefined, message: 'hevc' }, format),
      messages.dragRejectNote({ types: ['MP4', 'MOV'], kind: 'video' }, format),
    ];
    for (const text of said) expect(text).toMatch(isolated);
    // What is of the same direction, and bare figures, need nothing.
    expect(messages.totalUploading({ count: 5, kind: 'video' }, format)).not.toMatch(/[\u2068\u2069]/);
    expect(messages.stoppedAt(38, format)).not.toMatch(/[\u2068\u2069]/);
  });
});

it('isolates a right-to-left name in an English sentence, and leaves others as they are', () => {
  const [messages, format] = [createMessages(enWords), createFormat('en')];
  expect(messages.sayReady({ names: ['محاضرة.mp4'], kind: 'video' }, format)).toBe(
    '\u2068محاضرة.mp4\u2069 is ready',
  );
  expect(messages.sayReady({ names: ['talk.mp4'], kind: 'video' }, format)).toBe('talk.mp4 is ready');
});

it('rejects a language that has no file', async () => {
  await expect(loadLocale('tlh')).rejects.toThrow(RangeError);
});

it('finds the language that a tag means', () => {
  expect(
    ['zh', 'zh-Hant-HK', 'zh-CN', 'pt', 'pt-PT', 'de-AT', 'en-GB', 'iw', 'tlh', 'de-formal'].map(matchLocale),
  ).toEqual(['zh-CN', 'zh-TW', 'zh-CN', 'pt-BR', 'pt-BR', 'de', 'en', 'he', undefined, 'de-formal']);
});
