import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget, type WidgetContext } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { useHeld } from '../hooks/use-held.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import { sumUp, useTotal, type Total } from '../hooks/use-total.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { Menu, type MenuItem } from './menu.js';
import { ProgressLine } from './progress-line.js';

export interface TotalProgressProps {
  className?: string;
  /** Contents of one's own. */
  children?: (total: Total) => ReactNode;
}

/** All uploads in one line of facts, with the buttons that act on all. */
export function TotalProgress({ className = '', children }: TotalProgressProps): ReactNode {
  const widget = useWidget();
  const { uploader, messages, format } = widget;
  const total = useTotal();
  const canResumeAfterReload = useSelected(uploader, (snapshot) => snapshot.canResumeAfterReload);
  const held = useHeldCount();
  const [isAsking, setIsAsking] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const asks = isAsking && total.unfinished > 0;
  const percent = wholePercent(total.sentBytes, total.sizeBytes);
  const isMoving = total.phase !== 'idle' && total.phase !== 'ended' && total.phase !== 'processing';

  const cancelAll = () => {
    setIsAsking(false);
    uploader.cancelAll();
    root.current
      ?.closest('[data-vodrop="uploader"]')
      ?.querySelector<HTMLElement>('[data-vodrop="dropzone"] button')
      ?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setIsAsking(false);
  };
  const asked = useRef(false);
  useEffect(() => {
    // The answer takes the button that had the focus away: back to the one that asked, or to what stands there now.
    if (asked.current && !asks && document.activeElement === document.body)
      Array.from(root.current?.querySelectorAll<HTMLElement>('.vd-actions button') ?? [])
        .at(-1)
        ?.focus();
    asked.current = asks;
  }, [asks]);
  // Nothing moves yet: all there is waits for the person.
  const isHeld = held > 0 && held === total.unfinished;
  const title = isHeld
    ? messages.totalHeld({ count: held, kind: widget.kind }, format)
    : titleOf(total, widget);

  if (children)
    return (
      <div className={`vd-total ${className}`.trim()} data-vodrop="total" data-phase={total.phase}>
        {children(total)}
      </div>
    );
  return (
    <div
      className={`vd-total ${className}`.trim()}
      data-vodrop="total"
      data-phase={isHeld ? 'held' : total.phase}
      ref={root}
      onKeyDown={onKeyDown}
    >
      <div className="vd:min-w-0">
        <div className="vd-total-title" role="heading" aria-level={2}>
          {asks ? messages.cancelAllQuestion(total.unfinished, format) : title}
        </div>
        {asks ? (
          <div className="vd-total-facts">
            <span>
              <bdi>
                {messages.sentWillBeDeleted(format.bytes(total.losableBytes))}{' '}
                {total.ready > 0 && messages.readyStay(widget.kind)}
              </bdi>
            </span>
          </div>
        ) : (
          <TotalFacts total={total} isHeld={isHeld} />
        )}
        {!canResumeAfterReload && total.unfinished > 0 && (
          <div className="vd-total-facts">
            <span>
              <bdi>{messages.notRemembered}</bdi>
            </span>
          </div>
        )}
      </div>
      <div className="vd-actions">
        {asks ? (
          <>
            <Button
              label={messages.keepUploading}
              look="line"
              autoFocus
              onClick={() => {
                setIsAsking(false);
              }}
            />
            <Button label={messages.cancelUploads} look="danger" onClick={cancelAll} />
          </>
        ) : (
          <TotalButtons
            total={total}
            held={held}
            onCancelAll={() => {
              if (total.losableBytes > 0) setIsAsking(true);
              else cancelAll();
            }}
          />
        )}
      </div>
      <ProgressLine
        tone={
          !isMoving || isHeld
            ? 'rest'
            : asks || total.phase === 'paused' || total.phase === 'waiting'
              ? 'held'
              : 'up'
        }
        ratioOf={totalRatio}
        label={title}
        percent={percent}
        valueText={messages.progressText(
          {
            percent,
            timeLeft:
              total.remainingSeconds === undefined
                ? undefined
                : messages.timeLeft(roundTimeLeft(total.remainingSeconds), format),
          },
          format,
        )}
      />
    </div>
  );
}

const totalRatio = (snapshot: Parameters<typeof sumUp>[0]) => {
  const { sentBytes, sizeBytes } = sumUp(snapshot);
  return sizeBytes ? sentBytes / sizeBytes : 0;
};

function titleOf(total: Total, { messages, format, kind }: WidgetContext): string {
  const facts = (count: number) => ({ count, kind });
  switch (total.phase) {
    case 'idle':
      return messages.totalEmpty;
    case 'uploading':
    case 'waiting':
      return messages.totalUploading(facts(total.count), format);
    case 'paused':
      return messages.totalPaused(facts(total.unfinished), format);
    case 'processing':
      return messages.totalProcessing(facts(total.processing), format);
    case 'ended':
      return total.ready
        ? messages.totalReady(facts(total.ready), format)
        : messages.totalFailed(facts(total.failedIds.length), format);
    default:
      return total.phase satisfies never;
  }
}

function TotalFacts({ total, isHeld }: { total: Total; isHeld: boolean }): ReactNode {
  const { messages, format } = useWidget();
  const { phase, ready, sentBytes, sizeBytes, bytesPerSecond, remainingSeconds, failedIds } = total;
  const moves = !isHeld && (phase === 'uploading' || phase === 'waiting' || phase === 'paused');
  return (
    <div className="vd-total-facts">
      {phase !== 'ended' && ready > 0 && (
        <span>
          <bdi>{messages.countReady(ready, format)}</bdi>
        </span>
      )}
      {moves && (
        <span className="vd-wide">
          <bdi>{messages.bytesOf(format.bytesOf(sentBytes, sizeBytes))}</bdi>
        </span>
      )}
      {phase === 'uploading' && bytesPerSecond !== undefined && (
        <span>
          <bdi>{format.speed(bytesPerSecond)}</bdi>
        </span>
      )}
      {phase === 'uploading' && remainingSeconds !== undefined && (
        <span>
          <bdi>{messages.timeLeft(roundTimeLeft(remainingSeconds), format)}</bdi>
        </span>
      )}
      {phase === 'processing' && (
        <span>
          <bdi>{messages.processing[1]}</bdi>
        </span>
      )}
      {isHeld && (
        <span>
          <bdi>{format.bytes(sizeBytes)}</bdi>
        </span>
      )}
      {phase === 'ended' && ready > 0 && (
        <span>
          <bdi>{format.bytes(sizeBytes)}</bdi>
        </span>
      )}
      {phase === 'ended' && total.isVerified && (
        <span>
          <bdi>{messages.everyPartVerified}</bdi>
        </span>
      )}
      {failedIds.length > 0 && (
        <span>
          <AttentionLink ids={failedIds} />
        </span>
      )}
    </div>
  );
}

/** Leads to the first row that needs a person. */
function AttentionLink({ ids: [first = '', ...rest] }: { ids: readonly string[] }): ReactNode {
  const { messages, format, rows } = useWidget();
  return (
    <button
      type="button"
      className="vd-link"
      data-tone="bad"
      onClick={() => {
        rows.focus(first);
      }}
    >
      <bdi>{messages.needsAttention(rest.length + 1, format)}</bdi>
    </button>
  );
}

interface TotalButtonsProps {
  total: Total;
  held: number;
  onCancelAll: () => void;
}

function TotalButtons({ total, held, onCancelAll }: TotalButtonsProps): ReactNode {
  const { uploader, messages, start } = useWidget();
  const isNarrow = useIsNarrow();
  const isBackground = useSelected(uploader, (snapshot) => snapshot.priority === 'background');
  const retryable = useSelected(uploader, countRetryable);
  if (!total.unfinished && !retryable) return total.phase === 'ended' ? <ClearButton /> : null;

  const speed = {
    label: isBackground ? messages.gentle : messages.fullSpeed,
    icon: 'gauge' as const,
    onSelect: () => {
      uploader.setPriority(isBackground ? 'normal' : 'background');
    },
  };
  const retry = {
    label: messages.retryFailed,
    icon: 'retry' as const,
    onSelect: () => {
      retryFailed(uploader.getSnapshot().uploads, uploader.retry.bind(uploader));
    },
  };
  const end = { label: messages.cancelAll, icon: 'x' as const, onSelect: onCancelAll };
  const rare: MenuItem[] = [
    ...(total.unfinished ? [speed] : []),
    ...(retryable ? [retry] : []),
    ...(total.unfinished ? [end] : []),
  ];
  const pausing = (total.canPause || total.canResume) && held < total.unfinished && (
    <Button
      label={total.canPause ? messages.pauseAll : messages.resumeAll}
      icon={total.canPause ? 'pause' : 'play'}
      foldsToIcon
      onClick={() => {
        if (total.canPause) uploader.pauseAll();
        else uploader.resumeAll();
      }}
    />
  );
  return (
    <>
      {held > 0 && (
        <Button
          label={messages.startAll}
          look="fill"
          onClick={() => {
            start();
          }}
        />
      )}
      {isNarrow ? (
        <>
          {pausing}
          <Menu label={messages.more} items={rare} />
        </>
      ) : (
        <>
          {total.unfinished > 0 && (
            <Button
              label={speed.label}
              icon="gauge"
              foldsToIcon="early"
              aria-pressed={isBackground}
              onClick={speed.onSelect}
            />
          )}
          {retryable > 0 && (
            <Button label={retry.label} icon="retry" foldsToIcon="early" onClick={retry.onSelect} />
          )}
          {pausing}
          {total.unfinished > 0 && <Button label={end.label} foldsToIcon icon="x" onClick={onCancelAll} />}
        </>
      )}
    </>
  );
}

const isRetryable = ({ status, canRetry }: UploadSnapshot) => status === 'failed' && canRetry;
// Two and more: a single failure has its button in its row.
const countRetryable = ({ uploads }: { uploads: readonly UploadSnapshot[] }) => {
  const count = uploads.reduce((sum, upload) => sum + (isRetryable(upload) ? 1 : 0), 0);
  return count > 1 ? count : 0;
};

function retryFailed(uploads: readonly UploadSnapshot[], retry: (id: string) => void): void {
  for (const upload of uploads) if (isRetryable(upload)) retry(upload.id);
}

function useHeldCount(): number {
  const { uploader, autoStart } = useWidget();
  const isHeld = useHeld();
  return useSelected(uploader, ({ uploads }) =>
    autoStart ? 0 : uploads.reduce((sum, upload) => sum + (isHeld(upload) ? 1 : 0), 0),
  );
}

function ClearButton(): ReactNode {
  const { uploader, messages } = useWidget();
  const ended = () =>
    uploader.getSnapshot().uploads.filter(({ status }) => status === 'ready' || status === 'canceled');
  return (
    <Button
      label={messages.clearList}
      onClick={() => {
        for (const { id } of ended()) uploader.remove(id);
      }}
    />
  );
}
