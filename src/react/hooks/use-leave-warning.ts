import { useEffect } from 'react';
import type { Uploader, UploaderSnapshot, UploadSnapshot } from '../../engine/index.js';
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

/**
 * What a later visit could not continue: files that wait or are being checked, of which the journal knows nothing yet; sent
 * bytes, all of them without a journal, and those of a single PUT ever.
 */
export function wouldLose({ uploads, canResumeAfterReload, capabilities }: UploaderSnapshot): boolean {
  return uploads.some((upload) => {
    const { status, sentBytes, sizeBytes } = upload;
    if (isUnknownToJournal(upload)) return true;
    if (sentBytes === 0 || (status !== 'uploading' && status !== 'paused' && status !== 'confirming'))
      return false;
    const isWhole = sizeBytes <= (capabilities?.singlePutMaxBytes ?? 0);
    return (
      !canResumeAfterReload ||
      (isWhole && status === 'uploading' && isWorthAsking(sentBytes, { hasUndo: false }))
    );
  });
}

/** A file that was taken and has no session. One that waits for "Start" was promised nothing. */
function isUnknownToJournal({ status, owner, isResumed, isNotStarted, partCount }: UploadSnapshot): boolean {
  const isBefore = status === 'queued' || status === 'preparing' || status === 'paused';
  return isBefore && owner === 'this' && !isResumed && !isNotStarted && partCount === undefined;
}
