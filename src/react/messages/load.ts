import type { UploadErrorCode } from '../../engine/index.js';
import type { FailureText } from './messages.js';
import { overlay } from './overlay.js';
import type { CompleteLocale, FailureWords, Locale } from './words.js';

/** Each a file of its own, loaded when it is asked for. English is there from the start. */
const loaders = {
  'zh-CN': () => import('../locales/zh-cn.js').then(({ zhCN }) => zhCN),
  'zh-TW': () => import('../locales/zh-tw.js').then(({ zhTW }) => zhTW),
  ja: () => import('../locales/ja.js').then(({ ja }) => ja),
  ko: () => import('../locales/ko.js').then(({ ko }) => ko),
  es: () => import('../locales/es.js').then(({ es }) => es),
  'pt-BR': () => import('../locales/pt-br.js').then(({ ptBR }) => ptBR),
  fr: () => import('../locales/fr.js').then(({ fr }) => fr),
  de: () => import('../locales/de.js').then(({ de }) => de),
  ru: () => import('../locales/ru.js').then(({ ru }) => ru),
  ar: () => import('../locales/ar.js').then(({ ar }) => ar),
  he: () => import('../locales/he.js').then(({ he }) => he),
  id: () => import('../locales/id.js').then(({ id }) => id),
  vi: () => import('../locales/vi.js').then(({ vi }) => vi),
} satisfies Record<string, () => Promise<CompleteLocale>>;

export type LocaleTag = 'en' | keyof typeof loaders;

/** The languages there are words for. */
export const localeTags = [
  'en',
  ...(Object.keys(loaders) as (keyof typeof loaders)[]),
] as const satisfies readonly LocaleTag[];

/** The one of our languages that a BCP 47 tag means: `zh-Hant-HK` is `zh-TW`, `pt` is `pt-BR`, `de-AT` is `de`. */
export function matchLocale(tag: string): LocaleTag | undefined {
  const lower = tag.toLowerCase();
  const [language = '', ...rest] = lower.split('-');
  if (language === 'zh')
    return rest.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part)) ? 'zh-TW' : 'zh-CN';
  if (language === 'iw') return 'he';
  if (language === 'in') return 'id';
  return (
    localeTags.find((known) => known.toLowerCase() === lower) ??
    localeTags.find((known) => known.toLowerCase().split('-')[0] === language)
  );
}

/** Rejects when the file cannot be loaded. */
export function loadLocale(tag: Exclude<LocaleTag, 'en'>): Promise<CompleteLocale> {
  return loaders[tag]();
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
