import { useCallback } from 'react';
import type { UploaderSnapshot, UploadSnapshot } from '../../engine/index.js';
import type { LineRatios, LineTone, ProgressLineProps } from '../components/progress-line.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { findUpload } from '../stores/snapshot-index.js';
import { countedBytes, isInLine, percentOf, pulledOf } from './row-rules.js';
import type { UseUploadResult } from './use-upload.js';

/** What the progress of a row shows and says, as a line or as a ring. */
export function useRowProgress(
  { remainingSeconds }: Pick<UseUploadResult, 'remainingSeconds'>,
  upload: UploadSnapshot,
): ProgressLineProps {
  const { messages, format } = useWidget();
  const { id } = upload;
  const ratioOf = useCallback((snapshot: UploaderSnapshot) => ratiosIn(findUpload(snapshot, id)), [id]);
  const percent = percentOf(upload) ?? wholePercent(countedBytes(upload), upload.sizeBytes);
  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  const moves = messages.progressText({ percent, timeLeft }, format);
  return {
    tone: toneOf(upload),
    ratioOf,
    label: upload.fileName,
    percent,
    valueText:
      upload.status === 'confirming' ? messages.busyText : upload.waiting ? messages.waitingText : moves,
  };
}

/** What is stored, and what is on its way; both from 0 to 1. */
export function ratiosIn(upload: UploadSnapshot | undefined): LineRatios {
  if (upload?.status === 'importing') return { stored: pulledOf(upload), sent: 0 };
  if (!upload || upload.sizeBytes === 0) return { stored: 0, sent: 0 };
  const { status, checkedBytes, sizeBytes, sentBytes, storedBytes = sentBytes } = upload;
  if (status === 'preparing') return { stored: checkedBytes / sizeBytes, sent: 0 };
  return { stored: storedBytes / sizeBytes, sent: sentBytes / sizeBytes };
}

function toneOf(upload: UploadSnapshot): LineTone {
  const { status, waiting, sentBytes, error, owner } = upload;
  if (waiting) return 'paused';
  if (isInLine(upload)) return 'rest';
  switch (status) {
    case 'preparing':
      return 'calm';
    // Another tab sends the bytes; this line only shows its progress.
    case 'uploading':
      return owner === 'other' ? 'calm' : 'up';
    case 'paused':
      return upload.finishingParts ? 'up' : 'paused';
    case 'importing':
      return upload.importing?.percent === undefined ? 'rest' : 'up';
    case 'confirming':
      return 'busy';
    case 'failed':
      return sentBytes > 0 && error?.isResumable ? 'bad' : 'rest';
    case 'queued':
    case 'processing':
    case 'ready':
    case 'canceled':
      return 'rest';
    default:
      return status satisfies never;
  }
}
