import { useCallback, type ReactNode } from 'react';
import type { UploadSnapshot, UploaderSnapshot, UploadStatus } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { countedBytes, isInLine, percentOf, verbOf } from '../hooks/row-rules.js';
import { usePendingEnds } from '../hooks/use-pending-ends.js';
import { useUpload, type UseUploadResult } from '../hooks/use-upload.js';
import { useUploadIds } from '../hooks/use-uploads.js';
import { findUpload } from '../stores/snapshot-index.js';
import { Button } from './button.js';
import { FileName } from './file-name.js';
import { Poster } from './poster.js';
import { ProgressLine, type LineTone } from './progress-line.js';
import { StatusItems } from './status-items.js';
import { StatusLine } from './status-line.js';
import { ratiosIn } from '../hooks/use-row-progress.js';

/** The rest is in the widget itself. */
const rowsShown = 20;

/** What needs a person first, then what moves; ended ones are left out. */
const ranks: Partial<Record<UploadStatus, number>> = { failed: 0, uploading: 1, ready: 3, canceled: 3 };

export function DockRows(): ReactNode {
  const { uploader, messages, kind } = useWidget();
  const ids = useUploadIds();
  const pending = usePendingEnds();
  const rank = (id: string) => ranks[findUpload(uploader.getSnapshot(), id)?.status ?? 'ready'] ?? 2;
  const shown = ids
    // What is about to end can be taken back in the widget.
    .filter((id) => rank(id) < 3 && !pending.has(id))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, rowsShown);
  return (
    // In the tab order, so that it can be scrolled by keyboard.
    <ul className="vd-rows vd-dock-rows" role="list" aria-label={messages.listLabel(kind)} tabIndex={0}>
      {shown.map((id) => (
        <DockRow key={id} id={id} />
      ))}
    </ul>
  );
}

function DockRow({ id }: { id: string }): ReactNode {
  const { messages, format } = useWidget();
  const view = useUpload(id);
  const { upload, remainingSeconds } = view;
  const ratioOf = useCallback(
    (snapshot: UploaderSnapshot) => {
      return ratiosIn(findUpload(snapshot, id));
    },
    [id],
  );
  if (!upload) return null;
  const percent = percentOf(upload);
  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  return (
    <li className="vd-row" data-vodrop="dock-upload" data-status={upload.status} data-upload-id={id}>
      <Poster name={upload.fileName} file={upload.file} coverUrl={upload.media?.coverUrl} />
      <div className="vd-text">
        <FileName name={upload.fileName} id={`${id}-dock`} />
        <DockRowStatus view={view} upload={upload} timeLeft={timeLeft} />
      </div>
      <div className="vd-end">
        {percent !== undefined && (
          <span className="vd-percent" aria-hidden="true">
            {format.percent(percent)}
          </span>
        )}
        <DockRowButton view={view} upload={upload} />
      </div>
      <ProgressLine
        tone={toneOf(upload)}
        ratioOf={ratioOf}
        label={upload.fileName}
        percent={percent ?? 0}
        valueText={messages.progressText({ percent: percent ?? 0, timeLeft }, format)}
      />
    </li>
  );
}

interface DockRowPieceProps {
  view: UseUploadResult;
  upload: UploadSnapshot;
}

function DockRowStatus({
  view: { bytesPerSecond, remainingSeconds },
  upload,
  timeLeft,
}: DockRowPieceProps & { timeLeft: string | undefined }): ReactNode {
  const { messages, format } = useWidget();
  if (upload.status === 'failed') {
    const percent = wholePercent(countedBytes(upload), upload.sizeBytes);
    return <StatusItems status={[messages.stoppedAt(percent, format)]} tone="bad" />;
  }
  if (timeLeft === undefined) return <StatusLine view={{ upload, bytesPerSecond, remainingSeconds }} />;
  return (
    <div className="vd-status-line">
      <span className="vd-give">
        <bdi>{timeLeft}</bdi>
      </span>
    </div>
  );
}

function DockRowButton({ view, upload }: DockRowPieceProps): ReactNode {
  const { messages } = useWidget();
  const verb = upload.status === 'failed' && upload.canRetry ? 'retry' : verbOf(upload, false);
  if (!verb || verb === 'play') return null;
  return (
    <Button
      label={messages[verb]}
      icon={verb === 'start' || verb === 'resume' ? 'play' : verb}
      isIconOnly
      aria-describedby={`${upload.id}-dock`}
      onClick={view[verb]}
    />
  );
}

function toneOf(upload: UploadSnapshot): LineTone {
  const { status, waiting } = upload;
  if (status === 'uploading' && !waiting) return 'up';
  if (status === 'processing' || status === 'queued' || isInLine(upload)) return 'rest';
  return status === 'failed' ? 'bad' : 'paused';
}
