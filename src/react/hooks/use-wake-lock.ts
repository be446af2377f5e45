import { useEffect } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useSelected } from './use-uploads.js';

/** Whether Permissions-Policy allows it: asking all the same would be reported as a violation. Only Chromium tells. */
function isAllowed(): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('screen-wake-lock') ?? true;
}

/** Keeps the screen on while bytes are sent: a phone that falls asleep stops uploading. Does nothing where the browser cannot. */
export function useWakeLock(isWanted: boolean, uploader: Uploader): void {
  const isSending = useSelected(uploader, ({ uploads }) =>
    uploads.some(({ status }) => status === 'preparing' || status === 'uploading' || status === 'confirming'),
  );
  useEffect(() => {
    if (!isWanted || !isSending || !('wakeLock' in navigator) || !isAllowed()) return;
    let lock: Promise<WakeLockSentinel | undefined> | undefined;
    // The browser takes the lock back whenever the page is hidden. It may refuse, on low battery for instance.
    const ask = () => {
      if (document.visibilityState === 'visible')
        lock = navigator.wakeLock.request('screen').catch(() => undefined);
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      document.removeEventListener('visibilitychange', ask);
      void lock?.then((held) => held?.release());
    };
  }, [isWanted, isSending]);
}
