import {
  Suspense,
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { useWidget, type WidgetContext } from '../context.js';
import { roundTimeLeft } from '../format/index.js';
import { isFocusLost } from '../hooks/focused-element.js';
import { percentOfTotal, useTotalRatio, useTotal, type Total } from '../hooks/use-total.js';
import { useSelected } from '../hooks/use-uploads.js';
import { filterFromRows } from '../stores/list-view.js';
import { Button } from './button.js';
import { HostPart } from './host-part.js';
import { Icon } from './icon.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';
import { ProgressLine, type LineTone } from './progress-line.js';
import { TotalButtons } from './total-buttons.js';
import { TotalLine, TotalStatus } from './total-status.js';

/** Props of {@link TotalProgress}. */
export interface TotalProgressProps {
  className?: string | undefined;
  /** The host's own contents. */
  children?: ((total: Total) => ReactNode) | undefined;
}

const ListControls = lazyPart(() => import('./long-list.js').then(({ ListControls }) => ListControls));

/** All uploads in one line, with the buttons that act on all. */
export function TotalProgress({ className = '', children }: TotalProgressProps): ReactNode {
  const total = useTotal();
  const own =
    children &&
    (() => (
      <div className={`vd-total ${className}`.trim()} data-vodrop="total" data-phase={total.phase}>
        {children(total)}
      </div>
    ));
  return <HostPart render={own} otherwise={<TotalPanel total={total} className={className} />} />;
}

function TotalPanel({ total, className }: { total: Total; className: string }): ReactNode {
  const widget = useWidget();
  const { uploader, messages, format } = widget;
  const root = useRef<HTMLDivElement>(null);
  const [isAsking, setIsAsking] = useState(false);
  const asks = isAsking && total.unfinished > 0;
  useFocusReturn(root, asks);
  // Nothing moves yet: every unfinished upload waits for "Start".
  const isNotStarted = total.notStarted > 0 && total.notStarted === total.unfinished;
  const isDone = total.phase === 'ended' && total.ready > 0 && total.failedIds.length === 0;
  const isLong = useSelected(uploader, ({ uploads }) => uploads.length >= filterFromRows);
  const title = titleOf(total, isNotStarted, widget);
  const cancelAll = () => {
    setIsAsking(false);
    uploader.cancelAll();
    root.current
      ?.closest('[data-vodrop="uploader"]')
      ?.querySelector<HTMLElement>('[data-vodrop="dropzone"] button')
      ?.focus();
  };
  return (
    <div
      className={`vd-total ${className}`.trim()}
      data-vodrop="total"
      data-phase={isNotStarted ? 'held' : total.phase}
      data-done={isDone || undefined}
      ref={root}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape') setIsAsking(false);
      }}
    >
      <div className="vd:min-w-0">
        <div className="vd-total-title" role="heading" aria-level={2}>
          {isDone && !asks && <Icon name="check" />}
          <span>{asks ? messages.cancelAllQuestion(total.unfinished, format) : title}</span>
        </div>
        {asks ? (
          <LossNote total={total} />
        ) : (
          <TotalStatus total={total} isNotStarted={isNotStarted} hasFilters={isLong} />
        )}
        <NotResumableNote total={total} />
      </div>
      <div className="vd-actions">
        {asks ? (
          <CancelAllAnswers
            onKeep={() => {
              setIsAsking(false);
            }}
            onCancel={cancelAll}
          />
        ) : (
          <TotalButtons
            total={total}
            onCancelAll={() => {
              if (total.losableBytes > 0) setIsAsking(true);
              else cancelAll();
            }}
          />
        )}
      </div>
      {isLong && (
        <Suspense fallback={<LateNote isInline />}>
          <ListControls total={total} />
        </Suspense>
      )}
      <TotalBar total={total} tone={isNotStarted ? 'rest' : toneOf(total, asks)} label={title} />
    </div>
  );
}

function TotalBar({ total, tone, label }: { total: Total; tone: LineTone; label: string }): ReactNode {
  const { messages, format } = useWidget();
  const ratioOf = useTotalRatio();
  const { remainingSeconds } = total;
  const percent = percentOfTotal(total);
  const timeLeft =
    remainingSeconds === undefined ? undefined : messages.timeLeft(roundTimeLeft(remainingSeconds), format);
  return (
    <ProgressLine
      tone={tone}
      ratioOf={ratioOf}
      label={label}
      percent={percent}
      valueText={messages.progressText({ percent, timeLeft }, format)}
    />
  );
}

/** The answer removes the button that had the focus: back to the one that asked, or to the last one there is now. */
function useFocusReturn(root: RefObject<HTMLElement | null>, asks: boolean): void {
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current && !asks && isFocusLost(root.current))
      Array.from(root.current?.querySelectorAll<HTMLElement>('.vd-actions button') ?? [])
        .at(-1)
        ?.focus();
    asked.current = asks;
  }, [asks, root]);
}

/** What "Cancel all" would delete. */
function LossNote({ total }: { total: Total }): ReactNode {
  const { messages, format, kind } = useWidget();
  return (
    <TotalLine>
      {messages.sentWillBeDeleted(format.bytes(total.losableBytes))}{' '}
      {total.ready > 0 && messages.readyStay(kind)}
    </TotalLine>
  );
}

function NotResumableNote({ total }: { total: Total }): ReactNode {
  const { uploader, messages } = useWidget();
  const canResume = useSelected(uploader, (snapshot) => snapshot.canResumeAfterReload);
  return !canResume && total.unfinished > 0 && <TotalLine>{messages.notRemembered}</TotalLine>;
}

function CancelAllAnswers({ onKeep, onCancel }: { onKeep: () => void; onCancel: () => void }): ReactNode {
  const { messages } = useWidget();
  return (
    <>
      <Button label={messages.keepUploading} look="line" autoFocus onClick={onKeep} />
      <Button label={messages.cancelUploads} look="danger" onClick={onCancel} />
    </>
  );
}

function toneOf({ phase, ready, failedIds }: Total, asks: boolean): LineTone {
  if (phase === 'ended' && ready > 0) return failedIds.length > 0 ? 'bad' : 'done';
  if (phase === 'idle' || phase === 'ended' || phase === 'processing') return 'rest';
  return asks || phase === 'paused' || phase === 'waiting' ? 'paused' : 'up';
}

function titleOf(total: Total, isNotStarted: boolean, { messages, format, kind }: WidgetContext): string {
  if (isNotStarted) return messages.totalNotStarted({ count: total.notStarted, kind }, format);
  switch (total.phase) {
    case 'idle':
      return messages.totalEmpty;
    case 'uploading':
    case 'waiting':
      return messages.totalUploading({ count: total.count, kind }, format);
    case 'paused':
      return messages.totalPaused({ count: total.unfinished, kind }, format);
    case 'processing':
      return messages.totalProcessing({ count: total.processing, kind }, format);
    case 'ended':
      if (total.ready && total.failedIds.length)
        return messages.readyOf({ count: total.ready, of: total.count }, format);
      return total.ready
        ? messages.totalReady({ count: total.ready, kind }, format)
        : messages.totalFailed({ count: total.failedIds.length, kind }, format);
    default:
      return total.phase satisfies never;
  }
}
