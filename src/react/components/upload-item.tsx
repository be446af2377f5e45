import { memo, useCallback, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { findUpload } from '../bindings/snapshot-index.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { isWorthAsking } from '../hooks/use-asking.js';
import { useUpload } from '../hooks/use-upload.js';
import { FileName } from './file-name.js';
import { Poster } from './poster.js';
import { ProgressLine, type LineTone } from './progress-line.js';
import { UploadActions, endOf, percentOf, verbOf, type Verb } from './upload-actions.js';
import { CancelQuestion } from './cancel-question.js';
import { UploadFacts } from './upload-facts.js';
import { UploadFailure } from './upload-failure.js';
import { UploadPlayer, playableUrl } from './upload-player.js';

export interface UploadItemProps {
  /** Id of the upload. */
  id: string;
  className?: string;
  /** Whether the row and its buttons are in the tab order; a list keeps one row there. Default true. */
  isCurrent?: boolean;
}

/** One upload's row. It keeps its height, name and buttons for its whole life; only a failure makes it grow. */
export const UploadItem = memo(function UploadItem({ id, className = '', isCurrent = true }: UploadItemProps): ReactNode {
  const { messages, format } = useWidget();
  const { upload, bytesPerSecond, remainingSeconds, pause, resume, retry, cancel, remove } = useUpload(id);
  const [isAsking, setIsAsking] = useState(false);
  const [isPlayerOpen, setIsPlayerOpen] = useState(false);
  const ratioOf = useCallback((snapshot: UploaderSnapshot) => ratioIn(findUpload(snapshot, id)), [id]);
  if (!upload) return null;

  const url = upload.status === 'ready' ? playableUrl(upload) : undefined;
  const verb = verbOf(upload, url !== undefined);
  const end = endOf(upload);
  // What was asked about may have ended by itself meanwhile.
  const asks = isAsking && end === 'cancel';
  const tabIndex = isCurrent ? 0 : -1;

  const verbs: Record<Verb, () => void> = { pause, resume, retry, play: () => { setIsPlayerOpen((isOpen) => !isOpen); } };
  const doVerb = () => { if (verb) verbs[verb](); };
  const doEnd = () => {
    if (end === 'remove') remove();
    else if (isWorthAsking(upload.sentBytes)) setIsAsking(true);
    else cancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && asks) setIsAsking(false);
    if (event.target !== event.currentTarget) return;
    if (event.key === ' ' && verb) { event.preventDefault(); doVerb(); }
    if (event.key === 'Delete' && end) { event.preventDefault(); doEnd(); }
  };

  const timeLeft = remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  const percent = percentOf(upload) ?? wholePercent(upload.sentBytes, upload.sizeBytes);
  return (
    <li
      className={`vd-row ${className}`.trim()}
      data-vodrop="upload"
      data-status={upload.status}
      data-upload-id={id}
      data-file-name={upload.fileName}
      data-media-id={upload.mediaId}
      data-error-code={upload.status === 'failed' ? upload.error?.code : undefined}
      data-waiting={upload.waiting?.for}
      data-asking={asks || undefined}
      tabIndex={tabIndex}
      aria-labelledby={`${id}-name`}
      onKeyDown={onKeyDown}
    >
      <Poster name={upload.fileName} file={upload.file} coverUrl={upload.media?.coverUrl} durationSeconds={upload.media?.durationSeconds} />
      {asks
        ? <CancelQuestion upload={upload} onKeep={() => { setIsAsking(false); }} onCancel={() => { setIsAsking(false); cancel(); }} />
        : (
          <>
            <div className="vd-text">
              <FileName name={upload.fileName} id={`${id}-name`} />
              {upload.status === 'failed'
                ? <UploadFailure upload={upload} onRetry={retry} tabIndex={tabIndex} />
                : <UploadFacts view={{ upload, bytesPerSecond, remainingSeconds }} tabIndex={tabIndex} />}
            </div>
            <UploadActions upload={upload} verb={verb} isPlayerOpen={isPlayerOpen} onVerb={doVerb} onEnd={doEnd} tabIndex={tabIndex} />
          </>
        )}
      <ProgressLine
        tone={toneOf(upload)}
        ratioOf={ratioOf}
        label={upload.fileName}
        percent={percent}
        valueText={upload.status === 'confirming' ? messages.busyText : upload.waiting ? messages.waitingText : messages.progressText({ percent, timeLeft }, format)}
      />
      {url !== undefined && <UploadPlayer upload={upload} url={url} isOpen={isPlayerOpen} />}
    </li>
  );
});

function ratioIn(upload: UploadSnapshot | undefined): number {
  if (!upload || upload.sizeBytes === 0) return 0;
  return (upload.status === 'preparing' ? upload.checkedBytes : upload.sentBytes) / upload.sizeBytes;
}

function toneOf({ status, waiting, sentBytes, error }: UploadSnapshot): LineTone {
  if (waiting) return 'held';
  switch (status) {
    case 'preparing': return 'calm';
    case 'uploading': return 'up';
    case 'paused': return 'held';
    case 'confirming': return 'busy';
    case 'failed': return sentBytes > 0 && error?.isResumable ? 'bad' : 'rest';
    case 'queued': case 'processing': case 'ready': case 'canceled': return 'rest';
    default: return status satisfies never;
  }
}
