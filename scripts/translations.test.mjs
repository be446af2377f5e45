import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { englishOnDemand } from '../src/react/messages/en-on-demand.js';
import { compare, digestsOf, read, withOnDemand } from './translations.mjs';

const byName = (modules) =>
  Object.fromEntries(
    Object.entries(modules).map(([file, module]) => [path.parse(file).name, Object.values(module)[0]]),
  );
const onDemand = {
  en: englishOnDemand,
  ...byName(import.meta.glob('../src/react/locales/on-demand/*.ts', { eager: true })),
};
const locales = Object.fromEntries(
  Object.entries(byName(import.meta.glob('../src/react/locales/*.ts', { eager: true }))).map(
    ([name, locale]) => [name, withOnDemand(locale, onDemand[name])],
  ),
);

it('has no translation older than its English: otherwise translate, then run npm run translations', () => {
  const now = digestsOf(locales);
  const { behind } = compare(read(), now);
  expect(behind).toEqual([]);
  expect(read()).toEqual(now);
});

it('covers every language, each plural form and each sentence of a failure', () => {
  const now = digestsOf(locales);
  for (const name of Object.keys(locales)) expect(now['failures.file-changed']).toHaveProperty(name);
  expect(now).toHaveProperty('needsAttention.de');
  expect(Object.keys(now)).toContain('things.video');
  // Words that are loaded with the part that says them.
  expect(now).toHaveProperty(['sources/linkProblems.no-link', 'de']);
  expect(now).toHaveProperty(['notes/title', 'ar']);
});

describe('what counts as behind', () => {
  const said = (english, german, french) =>
    digestsOf({
      en: { words: english, failures: {} },
      de: { words: german, failures: {} },
      fr: { words: french, failures: {} },
    });
  const recorded = said({ pause: 'Stop' }, { pause: 'Anhalten' }, { pause: 'Pause' });

  it('takes a translation as behind when only the English changed', () => {
    const now = said({ pause: 'Pause' }, { pause: 'Anhalten' }, { pause: 'Suspendre' });
    const { behind, next } = compare(recorded, now);
    expect(behind).toEqual(['de.pause']);
    expect(next).toEqual(recorded);
  });

  it('records the new English once every translation has changed', () => {
    const now = said({ pause: 'Pause' }, { pause: 'Pausieren' }, { pause: 'Suspendre' });
    expect(compare(recorded, now)).toEqual({ behind: [], next: now });
  });

  it('takes a translation that is named as right as it is', () => {
    const now = said({ pause: 'Pause' }, { pause: 'Anhalten' }, { pause: 'Pause' });
    expect(compare(recorded, now, new Set(['de.pause'])).behind).toEqual(['fr.pause']);
    expect(compare(recorded, now, new Set(['pause']))).toEqual({ behind: [], next: now });
  });

  it('takes a changed plural form of the English as a change', () => {
    const plural = (other) => ({ n: { one: '{n} file', other } });
    const before = said(plural('{n} files'), { n: '{n} Dateien' }, { n: '{n} fichiers' });
    const now = said(plural('{n} documents'), { n: '{n} Dateien' }, { n: '{n} fichiers' });
    expect(compare(before, now).behind).toEqual(['de.n', 'fr.n']);
  });

  it('records words and languages that are new, and forgets those that are gone', () => {
    const now = said({ resume: 'Resume' }, { resume: 'Fortsetzen' }, {});
    expect(compare(recorded, now)).toEqual({ behind: [], next: now });
  });
});
