import { memo, Suspense, use, useCallback, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { findUpload } from '../bindings/snapshot-index.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { isWorthAsking } from '../hooks/use-asking.js';
import { DetailsContext, isEditable, useDetailsOffer } from '../hooks/use-details.js';
import { useHeld } from '../hooks/use-held.js';
import { useUpload } from '../hooks/use-upload.js';
import { CancelQuestion } from './cancel-question.js';
import { FileName } from './file-name.js';
import { lazyPart } from './lazy-part.js';
import { Poster } from './poster.js';
import { ProgressLine, type LineTone } from './progress-line.js';
import { UploadActions, endOf, percentOf, verbOf, type Verb } from './upload-actions.js';
import { UploadFacts } from './upload-facts.js';
import { UploadFailure } from './upload-failure.js';

const UploadPlayer = lazyPart(() => import('./upload-player.js').then(({ UploadPlayer }) => UploadPlayer));

/** Pieces of a row of one's own, each told the upload. */
export interface UploadItemSlots {
  poster?: (upload: UploadSnapshot) => ReactNode;
  /** In place of the second line. */
  facts?: (upload: UploadSnapshot) => ReactNode;
  /** In place of the buttons. */
  actions?: (upload: UploadSnapshot) => ReactNode;
}

export interface UploadItemProps {
  /** Id of the upload. */
  id: string;
  className?: string;
  /** Whether the row and its buttons are in the tab order; a list keeps one row there. Default true. */
  isCurrent?: boolean;
  /** Its place in a list that renders only what is on screen. */
  place?: { index: number; count: number };
  slots?: UploadItemSlots;
}

/** One upload's row. It keeps its height, name and buttons for its whole life; only a failure makes it grow. */
export const UploadItem = memo(function UploadItem({
  id,
  className = '',
  isCurrent = true,
  place,
  slots = {},
}: UploadItemProps): ReactNode {
  const { messages, format, renderPlayer, start } = useWidget();
  const { upload, bytesPerSecond, remainingSeconds, pause, resume, retry, cancel, remove } = useUpload(id);
  const openDetails = use(DetailsContext);
  const offer = useDetailsOffer();
  const isHeldUpload = useHeld();
  const [isAsking, setIsAsking] = useState(false);
  const [isPlayerOpen, setIsPlayerOpen] = useState(false);
  const [wasPlayerOpen, setWasPlayerOpen] = useState(false);
  const ratioOf = useCallback((snapshot: UploaderSnapshot) => ratioIn(findUpload(snapshot, id)), [id]);
  if (!upload) return null;

  const url = upload.status === 'ready' ? playableUrl(upload) : undefined;
  const isPlayable = url !== undefined || (upload.status === 'ready' && renderPlayer !== undefined);
  const isHeld = isHeldUpload(upload);
  const verb = verbOf(upload, { isPlayable, isHeld });
  const end = endOf(upload);
  const edit = offer && (isEditable(upload, offer) ? 'possible' : 'too-late');
  // What was asked about may have ended by itself meanwhile.
  const asks = isAsking && end === 'cancel';
  const tabIndex = isCurrent ? 0 : -1;

  const verbs: Record<Verb, () => void> = {
    start: () => {
      start(id);
    },
    pause,
    resume,
    retry,
    play: () => {
      setWasPlayerOpen(true);
      setIsPlayerOpen((isOpen) => !isOpen);
    },
  };
  const doVerb = () => {
    if (verb) verbs[verb]();
  };
  const doEdit = () => {
    if (edit === 'possible') openDetails?.(id);
  };
  const doEnd = () => {
    if (end === 'remove') remove();
    else if (isWorthAsking(upload.sentBytes)) setIsAsking(true);
    else cancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && asks) setIsAsking(false);
    if (event.target !== event.currentTarget) return;
    const act = {
      ' ': verb && doVerb,
      Enter: edit === 'possible' ? doEdit : undefined,
      Delete: end && doEnd,
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  };

  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
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
      data-held={isHeld || undefined}
      data-owner={upload.owner === 'other' ? 'other' : undefined}
      data-asking={asks || undefined}
      tabIndex={tabIndex}
      aria-labelledby={`${id}-name`}
      {...(place && { 'aria-posinset': place.index + 1, 'aria-setsize': place.count })}
      onKeyDown={onKeyDown}
    >
      {slots.poster?.(upload) ?? (
        <Poster
          name={upload.fileName}
          file={upload.file}
          coverFile={upload.attachments.find(({ kind }) => kind === 'cover')?.file}
          coverUrl={upload.media?.coverUrl}
          durationSeconds={upload.media?.durationSeconds ?? upload.probe?.durationSeconds}
          {...(edit === 'possible' && { onClick: doEdit })}
        />
      )}
      {asks ? (
        <CancelQuestion
          upload={upload}
          onKeep={() => {
            setIsAsking(false);
          }}
          onCancel={() => {
            setIsAsking(false);
            cancel();
          }}
        />
      ) : (
        <>
          <div className="vd-text">
            <FileName name={upload.fileName} id={`${id}-name`} />
            {slots.facts?.(upload) ??
              (upload.status === 'failed' ? (
                <UploadFailure upload={upload} onRetry={retry} tabIndex={tabIndex} />
              ) : (
                <UploadFacts
                  view={{ upload, bytesPerSecond, remainingSeconds }}
                  isHeld={isHeld}
                  tabIndex={tabIndex}
                />
              ))}
          </div>
          {slots.actions?.(upload) ?? (
            <UploadActions
              upload={upload}
              verb={verb}
              isPlayerOpen={isPlayerOpen}
              onVerb={doVerb}
              edit={edit}
              onEdit={doEdit}
              onEnd={doEnd}
              tabIndex={tabIndex}
            />
          )}
        </>
      )}
      <ProgressLine
        tone={toneOf(upload)}
        ratioOf={ratioOf}
        label={upload.fileName}
        percent={percent}
        valueText={
          upload.status === 'confirming'
            ? messages.busyText
            : upload.waiting
              ? messages.waitingText
              : messages.progressText({ percent, timeLeft }, format)
        }
      />
      {isPlayable &&
        wasPlayerOpen &&
        (renderPlayer ? (
          <div className="vd-player" id={`${id}-player`} hidden={!isPlayerOpen}>
            {renderPlayer(upload)}
          </div>
        ) : (
          url !== undefined && (
            <Suspense>
              <UploadPlayer upload={upload} url={url} isOpen={isPlayerOpen} />
            </Suspense>
          )
        ))}
    </li>
  );
});

/** The first address that a bare `<video>` can play, best first; undefined when all need a player of their own. */
export function playableUrl(upload: UploadSnapshot): string | undefined {
  return (
    upload.media?.playUrls?.find(({ format }) => nativeFormats.has(format))?.url ??
    upload.media?.playUrls?.find(({ format }) => format === 'hls' && playsHls())?.url
  );
}

const nativeFormats: ReadonlySet<string> = new Set(['mp4', 'webm', 'mov', 'mp3', 'm4a', 'ogg']);

function playsHls(): boolean {
  return (
    typeof document !== 'undefined' &&
    document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''
  );
}

function ratioIn(upload: UploadSnapshot | undefined): number {
  if (!upload || upload.sizeBytes === 0) return 0;
  return (upload.status === 'preparing' ? upload.checkedBytes : upload.sentBytes) / upload.sizeBytes;
}

function toneOf({ status, waiting, sentBytes, error, owner }: UploadSnapshot): LineTone {
  if (waiting) return 'held';
  switch (status) {
    case 'preparing':
      return 'calm';
    // Another tab moves the bytes; the line here is its mirror.
    case 'uploading':
      return owner === 'other' ? 'calm' : 'up';
    case 'paused':
      return 'held';
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
