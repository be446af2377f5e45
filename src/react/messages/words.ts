import type { UploadErrorCode } from '../../engine/index.js';
import type { PluralForms } from '../format/index.js';
import type { englishLabels, englishSentences } from './en.js';

/** A sentence with `{n}` in it, in the forms that the language has. A plain text where it has only one. */
export type Plural = string | PluralForms;

/** The type of a word follows from the English one: with a count it may have plural forms in other languages. */
type Word<T> = T extends `${string}{n}${string}` | { readonly other: string }
  ? Plural
  : T extends string
    ? string
    : { readonly [Name in keyof T]: Word<T[Name]> };

type WordsOf<T> = { readonly [Name in keyof T]: Word<T[Name]> };

/** What is said as it stands. */
export type Labels = WordsOf<typeof englishLabels>;

type Sentences = WordsOf<typeof englishSentences>;

/**
 * The words of one language as plain data: `{name}` stands for a value. `createMessages` turns them into `Messages`.
 * Texts that end in the name of a kind take `{things}` ("3 videos") or `{many}` ("videos").
 */
export type Words = Labels &
  Omit<Sentences, 'one'> & {
    /** With its article, for `{one}`. Only where a sentence of the language uses it. */
    readonly one?: Sentences['one'];
  };

/** What happened, what the person can do, and, where the code says more than "tried and kept", what of that. */
export type FailureWords = readonly [what: string, todo: string, kept?: string];

/** Words of a language, as many as there are; English says the others. */
export type PartialWords = {
  readonly [Name in keyof Words]?: Words[Name] extends string | Plural | undefined
    ? Words[Name]
    : Partial<Words[Name]>;
};

/** A language for the `locale` prop. English stands in for each word and failure that it lacks. */
export interface Locale {
  /** BCP 47. */
  readonly tag: string;
  readonly words?: PartialWords;
  readonly failures?: Partial<Record<UploadErrorCode, FailureWords>>;
}

/** A language with all words, as `locales/*` hold it. */
export interface CompleteLocale extends Locale {
  readonly words: Words;
  readonly failures: Record<UploadErrorCode, FailureWords>;
}
