import { useEffect } from 'react';
import type { Uploader } from '../../engine/index.js';
import { roundTimeLeft, SteadyRate, wholePercent } from '../format/index.js';
import { sumUp } from './use-total.js';
import type { Wording } from './use-words.js';

const everyMs = 1000;

/** Puts `63% · 5 min left · ` before the document's title while uploading, and takes it away again. */
export function useDocumentTitle(isWanted: boolean, uploader: Uploader, { messages, format }: Wording): void {
  useEffect(() => {
    if (!isWanted) return;
    const rate = new SteadyRate();
    let written = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The host may set a title of its own at any time, when it navigates for instance.
    const bare = () =>
      written && document.title.startsWith(written) ? document.title.slice(written.length) : document.title;
    const write = (prefix: string) => {
      const title = prefix + bare();
      written = prefix;
      if (document.title !== title) document.title = title;
    };
    const show = () => {
      timer = undefined;
      const total = sumUp(uploader.getSnapshot());
      if (total.phase !== 'uploading' && total.phase !== 'waiting' && total.phase !== 'paused') {
        write('');
        return;
      }
      const { remainingSeconds } = rate.update(total, Date.now());
      const time =
        remainingSeconds === undefined
          ? undefined
          : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
      write(
        [format.percent(wholePercent(total.storedBytes, total.sizeBytes)), time, '']
          .filter((part) => part !== undefined)
          .join(' · '),
      );
    };
    show();
    const stop = uploader.subscribe(() => {
      timer ??= setTimeout(show, everyMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
      write('');
    };
  }, [isWanted, uploader, messages, format]);
}
