import { useEffect, useMemo, useState } from 'react';
import type { Uploader } from '../../engine/index.js';
import { createFormat, type Format } from '../format/index.js';
import {
  completeWords,
  createMessages,
  isRightToLeft,
  loadFailures,
  loadLocale,
  matchLocale,
  mergeMessages,
  type Locale,
  type MessageOverrides,
  type Messages,
} from '../messages/index.js';
import { useSelected } from './use-uploads.js';

export interface Wording {
  readonly messages: Messages;
  readonly format: Format;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl' | undefined;
  readonly hasWords: boolean;
}

/** Words and numbers of a language: those given, or those of a tag, loaded on demand. English where there are none. */
export function useWords(
  locale: string | Locale | undefined,
  overrides: MessageOverrides | undefined,
  uploader: Uploader,
): Wording {
  const given = typeof locale === 'object' ? locale : undefined;
  const tag = given?.tag ?? (typeof locale === 'string' ? locale : 'en');
  const match = given ? undefined : matchLocale(tag);
  const wanted = match === 'en' ? undefined : match;
  const [loaded, setLoaded] = useState<{ tag: string; locale: Locale | undefined }>();

  useEffect(() => {
    if (!wanted) return;
    let isCurrent = true;
    loadLocale(wanted).then(
      (found) => {
        if (isCurrent) setLoaded({ tag: wanted, locale: found });
      },
      // Without the file English has to do; the page works all the same.
      () => {
        if (isCurrent) setLoaded({ tag: wanted, locale: undefined });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [wanted]);

  const isLoaded = loaded?.tag === wanted;
  const words = given ?? (wanted && isLoaded ? loaded?.locale : undefined);
  const errors = useFailures(words, uploader);
  const language = words?.tag ?? 'en';
  return useMemo(
    () => ({
      messages: mergeMessages({ ...createMessages(completeWords(words?.words)), errors }, overrides),
      format: createFormat(tag, language),
      language,
      direction: locale === undefined ? undefined : isRightToLeft(language) ? 'rtl' : 'ltr',
      hasWords: !wanted || isLoaded,
    }),
    [words, errors, overrides, tag, language, locale, wanted, isLoaded],
  );
}

const none: Messages['errors'] = {};

/** Sentences about failures, loaded when there is something that can fail: then the network may be gone. */
function useFailures(locale: Locale | undefined, uploader: Uploader): Messages['errors'] {
  const [loaded, setLoaded] = useState<{ locale: Locale | undefined; errors: Messages['errors'] }>();
  const isNeeded = useSelected(uploader, ({ uploads }) => uploads.length > 0);
  useEffect(() => {
    if (!isNeeded) return;
    let isCurrent = true;
    // Without them there is still one sentence for all failures.
    loadFailures(locale).then(
      (errors) => {
        if (isCurrent) setLoaded({ locale, errors });
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [locale, isNeeded]);
  return loaded && loaded.locale === locale ? loaded.errors : none;
}
