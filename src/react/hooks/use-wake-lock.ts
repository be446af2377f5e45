import { useEffect } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useSelected } from './use-uploads.js';

/** Keeps the screen on while bytes are sent: a phone that falls asleep stops uploading. Does nothing where the browser cannot. */
export function useWakeLock(isWanted: boolean, uploader: Uploader): void {
  const isSending = useSelected(uploader, ({ uploads }) =>
    uploads.some(({ status }) => status === 'preparing' || status === 'uploading' || status === 'confirming'),
  );
  useEffect(() => {
    if (!isWanted || !isSending || !('wakeLock' in navigator)) return;
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
