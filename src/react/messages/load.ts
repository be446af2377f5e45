import type { UploadErrorCode } from '../../engine/index.js';
import type { FailureText } from './params.js';
import { overlay } from './overlay.js';
import type { CompleteLocale, FailureWords, Locale } from './words.js';

/** One file each, loaded on demand: what the folder holds is offered. English is in the page from the start. */
const loaders = Object.fromEntries(
  Object.entries(
    import.meta.glob<Record<string, CompleteLocale>>(['../locales/*.ts', '!../locales/en.ts']),
  ).map(([file, load]) => [tagOf(file), load]),
);

/** The BCP 47 tags of the languages that the widget brings. */
export const localeTags: readonly string[] = ['en', ...Object.keys(loaders)];

/** `../locales/zh-cn.ts` holds `zh-CN`. */
function tagOf(file: string): string {
  const [tag = ''] = Intl.getCanonicalLocales(file.replace(/^.*\/|\.ts$/g, ''));
  return tag;
}

/** The one of our languages that a BCP 47 tag means: `zh-Hant-HK` is `zh-TW`, `pt` is `pt-BR`, `de-AT` is `de`. */
export function matchLocale(tag: string): string | undefined {
  const lower = tag.toLowerCase();
  const [language = '', ...rest] = lower.split('-');
  if (language === 'zh')
    return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-TW' : 'zh-CN';
  if (language === 'iw') return 'he';
  if (language === 'in') return 'id';
  return (
    localeTags.find((known) => known.toLowerCase() === lower) ??
    localeTags.find((known) => known === language) ??
    localeTags.find((known) => known.toLowerCase().split('-')[0] === language)
  );
}

/** Rejects when there is no such language, or its file cannot be loaded. */
export async function loadLocale(tag: string): Promise<CompleteLocale> {
  const [locale] = Object.values((await loaders[tag]?.()) ?? {});
  if (!locale) throw new RangeError(`vodrop: there is no language "${tag}"`);
  return locale;
}

/** The sentences about failures: long, and needed only once something is under way. English for each that is missing. */
export async function loadFailures(
  locale: Locale | undefined,
): Promise<Record<UploadErrorCode, FailureText>> {
  const { errors } = await import('./en-errors.js');
  const own = Object.entries(locale?.failures ?? {}) as [UploadErrorCode, FailureWords | undefined][];
  return overlay(
    errors,
    Object.fromEntries(
      own.map(([code, words]) => [code, words && { what: words[0], todo: words[1], kept: words[2] }]),
    ),
  );
}

export function isRightToLeft(tag: string): boolean {
  return /^(ar|he|iw|fa|ur)\b/i.test(tag);
}
