import { useCallback, useState, type ReactNode } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { findUpload } from '../bindings/snapshot-index.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { sumUp, useTotal, type Total } from '../hooks/use-total.js';
import { useUpload } from '../hooks/use-upload.js';
import { useUploadIds } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { FileName } from './file-name.js';
import { Icon } from './icon.js';
import { Poster } from './poster.js';
import { ProgressLine } from './progress-line.js';
import { percentOf, verbOf } from './upload-actions.js';
import { Facts, UploadFacts } from './upload-facts.js';

/** The rest is in the widget itself. */
const rowsShown = 20;

export interface DockPanelProps {
  onShow: (() => void) | undefined;
  onDismiss: () => void;
}

/** The contents of the dock: a bar, and the rows above it once it is opened. */
export function DockPanel({ onShow, onDismiss }: DockPanelProps): ReactNode {
  const { messages, format, kind, uploader } = useWidget();
  const total = useTotal();
  const [isOpen, setIsOpen] = useState(false);
  const isEnded = total.phase === 'ended';
  const needsAttention = total.failedIds.length > 0;
  const isMoving = total.phase === 'uploading';
  const percent = wholePercent(total.sentBytes, total.sizeBytes);
  const timeLeft =
    total.remainingSeconds === undefined
      ? undefined
      : messages.timeLeft(roundTimeLeft(total.remainingSeconds), format);
  const title = needsAttention
    ? messages.uploadsNeedAttention(total.failedIds.length, format)
    : isEnded
      ? messages.totalReady({ count: total.ready, kind }, format)
      : messages.readyOf({ count: total.ready, of: total.count }, format);

  return (
    <div
      className="vd-dock-panel"
      role="region"
      aria-label={messages.dockLabel}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setIsOpen(false);
      }}
    >
      {isOpen && <DockRows />}
      <div className="vd-dock-bar">
        <div className="vd-dock-text">
          <div className="vd-dock-title">
            {needsAttention && <Icon name="alert" size="small" />}
            <bdi>{title}</bdi>
          </div>
          <DockFacts total={total} timeLeft={timeLeft} />
        </div>
        {needsAttention && onShow && <Button label={messages.show} look="line" onClick={onShow} />}
        {(total.canPause || total.canResume) && !(needsAttention && onShow) && (
          <Button
            label={total.canPause ? messages.pauseAll : messages.resumeAll}
            icon={total.canPause ? 'pause' : 'play'}
            isIconOnly
            onClick={() => {
              if (total.canPause) uploader.pauseAll();
              else uploader.resumeAll();
            }}
          />
        )}
        {(!isEnded || needsAttention) && !(needsAttention && onShow) && (
          <Button
            label={isOpen ? messages.hideUploads : messages.showUploads}
            icon={isOpen ? 'down' : 'up'}
            isIconOnly
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          />
        )}
        {isEnded && <Button label={messages.dismiss} icon="x" isIconOnly onClick={onDismiss} />}
        <ProgressLine
          tone={isEnded || total.phase === 'processing' ? 'rest' : isMoving ? 'up' : 'held'}
          ratioOf={totalRatio}
          label={title}
          percent={percent}
          valueText={messages.progressText({ percent, timeLeft }, format)}
        />
      </div>
    </div>
  );
}

const totalRatio = (snapshot: UploaderSnapshot) => {
  const { sentBytes, sizeBytes } = sumUp(snapshot);
  return sizeBytes ? sentBytes / sizeBytes : 0;
};

function DockFacts({ total, timeLeft }: { total: Total; timeLeft: string | undefined }): ReactNode {
  const { messages, format } = useWidget();
  const facts =
    total.phase === 'ended'
      ? [total.ready > 0 && format.bytes(total.sizeBytes), total.isVerified && messages.everyPartVerified]
      : [
          total.failedIds.length > 0 && messages.readyOf({ count: total.ready, of: total.count }, format),
          total.phase === 'paused' && messages.paused,
          total.phase === 'waiting' && messages.waitingNetwork[0],
          total.phase === 'processing' && messages.processing.join(', '),
          total.bytesPerSecond !== undefined &&
            total.failedIds.length === 0 &&
            format.speed(total.bytesPerSecond),
          timeLeft,
        ];
  return (
    <div className="vd-dock-facts">
      <bdi>{facts.filter(Boolean).join(' · ')}</bdi>
    </div>
  );
}

/** What needs a person first, then what moves; ended ones are left out. */
function DockRows(): ReactNode {
  const { uploader, messages, kind } = useWidget();
  const ids = useUploadIds();
  const rank = (id: string) => {
    const status = findUpload(uploader.getSnapshot(), id)?.status ?? 'ready';
    return status === 'failed'
      ? 0
      : status === 'uploading'
        ? 1
        : status === 'ready' || status === 'canceled'
          ? 3
          : 2;
  };
  const shown = ids
    .filter((id) => rank(id) < 3)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, rowsShown);
  return (
    // Scrolled by keyboard as well, so it takes the focus.
    <ul className="vd-rows vd-dock-rows" role="list" aria-label={messages.listLabel(kind)} tabIndex={0}>
      {shown.map((id) => (
        <DockRow key={id} id={id} />
      ))}
    </ul>
  );
}

function DockRow({ id }: { id: string }): ReactNode {
  const { messages, format } = useWidget();
  const { upload, bytesPerSecond, remainingSeconds, pause, resume, retry } = useUpload(id);
  const ratioOf = useCallback(
    (snapshot: UploaderSnapshot) => {
      const one = findUpload(snapshot, id);
      return one?.sizeBytes ? one.sentBytes / one.sizeBytes : 0;
    },
    [id],
  );
  if (!upload) return null;
  const percent = percentOf(upload);
  const isFailed = upload.status === 'failed';
  const verb = isFailed && upload.canRetry ? 'retry' : verbOf(upload, { isPlayable: false, isHeld: false });
  const act = { pause, resume, retry, start: resume, play: undefined }[verb ?? 'play'];
  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  return (
    <li className="vd-row" data-vodrop="dock-upload" data-status={upload.status} data-upload-id={id}>
      <Poster name={upload.fileName} file={upload.file} coverUrl={upload.media?.coverUrl} />
      <div className="vd-text">
        <FileName name={upload.fileName} id={`${id}-dock`} />
        {isFailed ? (
          <Facts
            status={[messages.stoppedAt(wholePercent(upload.sentBytes, upload.sizeBytes), format)]}
            tone="bad"
          />
        ) : timeLeft !== undefined ? (
          <div className="vd-facts">
            <span className="vd-give">
              <bdi>{timeLeft}</bdi>
            </span>
          </div>
        ) : (
          <UploadFacts view={{ upload, bytesPerSecond, remainingSeconds }} tabIndex={-1} />
        )}
      </div>
      <div className="vd-end">
        {percent !== undefined && (
          <span className="vd-percent" aria-hidden="true">
            {format.percent(percent)}
          </span>
        )}
        {verb && act && (
          <Button
            label={messages[verb]}
            icon={verb === 'pause' ? 'pause' : verb === 'retry' ? 'retry' : 'play'}
            isIconOnly
            aria-describedby={`${id}-dock`}
            onClick={act}
          />
        )}
      </div>
      <ProgressLine
        tone={
          upload.status === 'uploading' && !upload.waiting
            ? 'up'
            : upload.status === 'processing' || upload.status === 'queued'
              ? 'rest'
              : isFailed
                ? 'bad'
                : 'held'
        }
        ratioOf={ratioOf}
        label={upload.fileName}
        percent={percent ?? 0}
        valueText={messages.progressText({ percent: percent ?? 0, timeLeft }, format)}
      />
    </li>
  );
}
