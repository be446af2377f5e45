import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import type { FocusWish } from '../hooks/focus-wish.js';
import { useLatest } from '../hooks/use-latest.js';
import { usePendingEnds } from '../hooks/use-pending-ends.js';
import { undoQueueOf, type HoldReason } from '../stores/undo.js';
import { Button } from './button.js';
import { StatusItems } from './status-items.js';

export interface UndoButtonProps {
  /** What it takes back. */
  ids: readonly string[];
  tabIndex?: number;
  describedBy?: string;
  focusWish?: FocusWish;
}

/** Takes back what is about to end. The clock stands while the pointer or the focus is on it. */
export function UndoButton({ ids, tabIndex, describedBy, focusWish }: UndoButtonProps): ReactNode {
  const { uploader, announcer, messages } = useWidget();
  const button = useRef<HTMLButtonElement>(null);
  const isGiven = useRef(false);
  useLayoutEffect(() => {
    const wish = focusWish?.take();
    if (!wish || !button.current) return;
    // Once the row is gone, the focus goes to the same slot of the next one.
    if (wish.slot !== undefined) button.current.dataset.slot = wish.slot;
    // The focus that is put here is no attention yet, or the time would never run.
    isGiven.current = true;
    button.current.focus();
    isGiven.current = false;
  }, [focusWish]);
  const queue = undoQueueOf(uploader);
  const hold = (reason: HoldReason) => {
    queue.hold(ids, reason);
  };
  const release = useLatest((reason: HoldReason) => {
    queue.release(ids, reason);
  });
  useEffect(
    () => () => {
      // A button that goes, with its row out of sight, hears of no pointer or focus that leaves.
      release.current('pointer');
      release.current('focus');
    },
    [release],
  );
  return (
    <Button
      ref={button}
      label={messages.undo}
      icon="undo"
      look="line"
      tabIndex={tabIndex}
      aria-describedby={describedBy}
      onClick={() => {
        queue.undo(ids);
        announcer.say(messages.restored, 'prompt');
      }}
      // A pointer that lies still, where the button has come under it, points at nothing.
      onPointerMove={() => {
        hold('pointer');
      }}
      onPointerLeave={() => {
        release.current('pointer');
      }}
      onFocus={() => {
        if (!isGiven.current) hold('focus');
      }}
      onBlur={() => {
        release.current('focus');
      }}
    />
  );
}

/** The time that is left, as a line that runs out. Decoration: the words say the seconds. */
export function UndoLine({ id }: { id: string }): ReactNode {
  const pending = usePendingEnds().get(id);
  const [style] = useState(
    (): CSSProperties | undefined =>
      pending && {
        animationDuration: `${pending.totalMs}ms`,
        animationDelay: `${pending.remainingMs() - pending.totalMs}ms`,
      },
  );
  return (
    <span className="vd-line" data-tone="undo" data-held={pending?.isHeld || undefined} aria-hidden="true">
      <span className="vd-line-bar" style={style} />
    </span>
  );
}

export interface UndoStatusProps {
  upload: UploadSnapshot;
}

/** What was done, and what becomes of it when the time is over. */
export function UndoStatus({ upload }: UndoStatusProps): ReactNode {
  const { messages, format } = useWidget();
  const { id, status, sentBytes, error } = upload;
  const kind = usePendingEnds().get(id)?.kind;
  const isKept = status === 'ready' || status === 'processing';
  const losesBytes = sentBytes > 0 && !isKept && (kind === 'cancel' || error?.isResumable === true);
  return (
    <StatusItems status={kind === 'remove' ? [messages.removedFromList] : messages.canceled.none}>
      {losesBytes ? (
        <UndoSeconds id={id} say={(time) => messages.deletedIn({ bytes: format.bytes(sentBytes), time })} />
      ) : (
        <>
          {isKept && (
            <span className="vd-give">
              <bdi>{messages.staysInCloud}</bdi>
            </span>
          )}
          <UndoSeconds id={id} say={(time) => time} />
        </>
      )}
    </StatusItems>
  );
}

export interface UndoSecondsProps {
  id: string;
  say: (time: string) => string;
}

/** A text with the seconds that are left; renewed each second. */
export function UndoSeconds({ id, say }: UndoSecondsProps): ReactNode {
  const { format } = useWidget();
  const pending = usePendingEnds().get(id);
  const [, tick] = useState(0);
  const isRunning = pending !== undefined && !pending.isHeld;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => {
      tick((count) => count + 1);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [isRunning]);
  const seconds = Math.max(1, Math.ceil((pending?.remainingMs() ?? 0) / 1000));
  return (
    <span className="vd-give">
      <bdi>{say(format.duration(seconds))}</bdi>
    </span>
  );
}
