import { useEffect } from 'react';
import type { Uploader, UploaderSnapshot } from '../../engine/index.js';
import { isWorthAsking } from './is-worth-asking.js';

/** Lets the browser ask before the page is left, only while something would be lost. */
export function useLeaveWarning(isWanted: boolean, uploader: Uploader): void {
  useEffect(() => {
    if (!isWanted) return;
    const ask = (event: BeforeUnloadEvent) => {
      if (wouldLose(uploader.getSnapshot())) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, [isWanted, uploader]);
}

/** Sent bytes that a later visit could not continue: all of them without a journal, and those of a single PUT ever. */
export function wouldLose({ uploads, canResumeAfterReload, capabilities }: UploaderSnapshot): boolean {
  return uploads.some(({ status, sentBytes, sizeBytes }) => {
    if (sentBytes === 0 || (status !== 'uploading' && status !== 'paused' && status !== 'confirming'))
      return false;
    const isWhole = sizeBytes <= (capabilities?.singlePutMaxBytes ?? 0);
    return (
      !canResumeAfterReload ||
      (isWhole && status === 'uploading' && isWorthAsking(sentBytes, { hasUndo: false }))
    );
  });
}
