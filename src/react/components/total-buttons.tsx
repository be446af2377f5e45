import { useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import type { Total } from '../hooks/use-total.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { FocusWish } from '../hooks/focus-wish.js';
import { usePendingEnds } from '../hooks/use-pending-ends.js';
import { useUndo } from '../hooks/use-undo.js';
import { inSlices } from '../stores/in-slices.js';
import { resumeAll, startAll } from '../stores/pending-ends.js';
import { findUpload } from '../stores/snapshot-index.js';
import { Menu } from './menu.js';
import { UndoButton } from './lazy-undo.js';

export interface TotalButtonsProps {
  total: Total;
  onCancelAll: () => void;
}

/** The buttons that act on all uploads. In narrow containers the rare ones fold into a menu. */
export function TotalButtons({ total, onCancelAll }: TotalButtonsProps): ReactNode {
  const { uploader, messages } = useWidget();
  const isNarrow = useIsNarrow();
  const isBackground = useSelected(uploader, (snapshot) => snapshot.priority === 'background');
  const pending = usePendingEnds();
  // What is about to leave the list is not retried.
  const isRetried = (upload: UploadSnapshot) => isRetryable(upload) && !pending.has(upload.id);
  const retryable = useSelected(uploader, ({ uploads }) => countOf(uploads, isRetried));
  // A single failure has its button in its row.
  if (!total.unfinished && retryable < 2)
    return total.phase === 'ended' ? <EndButtons total={total} /> : null;

  const speed = total.unfinished > 0 && {
    label: messages.background,
    icon: 'gauge' as const,
    isChecked: isBackground,
    onSelect: () => {
      uploader.setPriority(isBackground ? 'normal' : 'background');
    },
  };
  const retry = retryable > 1 && {
    label: messages.retryFailed,
    icon: 'retry' as const,
    onSelect: () => {
      const ids = uploader.getSnapshot().uploads.flatMap((upload) => (isRetried(upload) ? upload.id : []));
      const retryOne = (id: string) => {
        uploader.retry(id);
      };
      inSlices(ids, retryOne, (lastId) => {
        const status = findUpload(uploader.getSnapshot(), lastId)?.status;
        // All were paused or canceled meanwhile.
        return status !== 'paused' && status !== 'canceled';
      });
    },
  };
  const cancel = total.unfinished > 0 && {
    label: messages.cancelAll,
    icon: 'x' as const,
    onSelect: onCancelAll,
  };
  return (
    <>
      {total.notStarted > 0 && (
        <Button
          label={messages.startAll}
          look="fill"
          onClick={() => {
            startAll(uploader);
          }}
        />
      )}
      {isNarrow ? (
        <>
          <PauseButton total={total} />
          <Menu label={messages.more} items={[speed, retry, cancel].filter((item) => item !== false)} />
        </>
      ) : (
        <>
          {speed && (
            <Button
              label={speed.label}
              icon={speed.icon}
              foldsToIcon="early"
              aria-pressed={isBackground}
              onClick={speed.onSelect}
            />
          )}
          {retry && (
            <Button label={retry.label} icon={retry.icon} foldsToIcon="early" onClick={retry.onSelect} />
          )}
          <PauseButton total={total} />
          {cancel && <Button label={cancel.label} icon={cancel.icon} foldsToIcon onClick={cancel.onSelect} />}
        </>
      )}
    </>
  );
}

function PauseButton({ total }: { total: Total }): ReactNode {
  const { uploader, messages } = useWidget();
  if (!(total.canPause || total.canResume) || total.notStarted === total.unfinished) return null;
  return (
    <Button
      label={total.canPause ? messages.pauseAll : messages.resumeAll}
      icon={total.canPause ? 'pause' : 'play'}
      foldsToIcon
      onClick={() => {
        if (total.canPause) uploader.pauseAll();
        else resumeAll(uploader);
      }}
    />
  );
}

/** Once all have ended: the list can be cleared, and the host goes on. */
function EndButtons({ total }: { total: Total }): ReactNode {
  const { messages, onDone } = useWidget();
  return (
    <>
      <ClearButton />
      {onDone && (
        <Button
          label={messages.done}
          look={total.failedIds.length > 0 ? 'line' : 'fill'}
          className="vd-primary"
          onClick={onDone}
        />
      )}
    </>
  );
}

function ClearButton(): ReactNode {
  const { uploader, messages } = useWidget();
  const { end } = useUndo();
  const pending = usePendingEnds();
  const [cleared, setCleared] = useState<readonly string[]>([]);
  const [focusWish] = useState(() => new FocusWish());
  const ended = () =>
    uploader.getSnapshot().uploads.filter(({ status }) => status === 'ready' || status === 'canceled');
  const left = cleared.filter((id) => pending.has(id));
  if (left.length) return <UndoButton ids={left} focusWish={focusWish} />;
  return (
    <Button
      label={messages.clearList}
      onClick={() => {
        const ids = ended().map(({ id }) => id);
        focusWish.set(undefined);
        setCleared(ids);
        end('remove', ids);
      }}
    />
  );
}

/** What another account has begun or added starts over as this one's only where its own row is asked to. */
const isRetryable = ({ status, error, canRetry }: UploadSnapshot) =>
  status === 'failed' && canRetry && error?.code !== 'ticket-foreign';

const countOf = (uploads: readonly UploadSnapshot[], isMeant: (upload: UploadSnapshot) => boolean) =>
  uploads.reduce((sum, upload) => sum + (isMeant(upload) ? 1 : 0), 0);
