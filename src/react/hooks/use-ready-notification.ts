import { useEffect } from 'react';
import type { Uploader } from '../../engine/index.js';
import type { FileKind } from '../messages/index.js';
import { sumUp } from './use-total.js';
import type { Wording } from './use-words.js';

/**
 * Tells by the system that everything is ready, while the page is hidden. The person is asked at a click into the
 * widget: browsers ignore the question, or hold it against the page, at other times.
 */
export function useReadyNotification(
  isWanted: boolean,
  uploader: Uploader,
  { messages, format, kind }: Wording & { kind: FileKind },
): void {
  useEffect(() => {
    if (!isWanted || typeof Notification === 'undefined') return;
    const ask = (event: Event) => {
      const isOurs = event
        .composedPath()
        .some((target) => target instanceof Element && target.matches('[data-vodrop="uploader"]'));
      if (!isOurs) return;
      document.removeEventListener('click', ask, true);
      if (Notification.permission === 'default') void Notification.requestPermission();
    };
    document.addEventListener('click', ask, true);

    let phase = sumUp(uploader.getSnapshot()).phase;
    const stop = uploader.subscribe(() => {
      const total = sumUp(uploader.getSnapshot());
      const hasEnded = phase !== 'ended' && total.phase === 'ended';
      ({ phase } = total);
      if (hasEnded && total.ready > 0 && total.failedIds.length === 0 && document.hidden)
        notify(messages.totalReady({ count: total.ready, kind }, format));
    });
    return () => {
      stop();
      document.removeEventListener('click', ask, true);
    };
  }, [isWanted, uploader, messages, format, kind]);
}

function notify(text: string): void {
  if (Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(text, { tag: 'vodrop-ready' });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  } catch {
    // Chrome on Android has the class, and lets only service workers notify: https://crbug.com/481856
  }
}
