import { Suspense, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import type { Total } from '../hooks/use-total.js';
import { lazyPart } from './lazy-part.js';
import { Item } from './status-items.js';

// Only imports need it and its words.
const UnknownSize = lazyPart(() =>
  import('../sources/unknown-size.js').then(({ UnknownSize }) => UnknownSize),
);

/** The second line of the total: numbers with dots between them. */
export function TotalStatus({
  total,
  isNotStarted,
  hasFilters,
}: {
  total: Total;
  isNotStarted: boolean;
  /** The filters say the counts. */
  hasFilters: boolean;
}): ReactNode {
  const { messages, format } = useWidget();
  const { phase, ready, storedBytes, sizeBytes, readyBytes, bytesPerSecond, remainingSeconds } = total;
  const { failedIds, tookSeconds, ofUnknownSize } = total;
  const shownBytes = isNotStarted ? sizeBytes : readyBytes;
  const isEnded = phase === 'ended';
  const moves = !isNotStarted && (phase === 'uploading' || phase === 'waiting' || phase === 'paused');
  return (
    <div className="vd-total-status">
      {failedIds.length > 0 && !hasFilters && (
        <span>
          <AttentionLink ids={failedIds} />
        </span>
      )}
      {!isEnded && ready > 0 && !hasFilters && <Item>{messages.countReady(ready, format)}</Item>}
      {moves && sizeBytes > 0 && (
        <Item className="vd-wide">{messages.bytesOf(format.bytesOf(storedBytes, sizeBytes))}</Item>
      )}
      {(moves || isNotStarted) && ofUnknownSize > 0 && (
        <Suspense>
          <UnknownSize imports={ofUnknownSize} />
        </Suspense>
      )}
      {total.isOffline && <Item>{messages.waitingNetwork[0]}</Item>}
      {phase === 'uploading' && bytesPerSecond !== undefined && <Item>{format.speed(bytesPerSecond)}</Item>}
      {phase === 'uploading' && remainingSeconds !== undefined && (
        <Item>{messages.timeLeft(roundTimeLeft(remainingSeconds), format)}</Item>
      )}
      {moves && total.isSafeToClose && (
        <Item>
          {messages.safeToClose} · {messages.resumesAt(format.percent(wholePercent(storedBytes, sizeBytes)))}
        </Item>
      )}
      {phase === 'processing' && <Item>{messages.processing[1]}</Item>}
      {(isNotStarted || (isEnded && ready > 0)) && shownBytes > 0 && (
        <Item>
          {tookSeconds === undefined
            ? format.bytes(shownBytes)
            : messages.readyIn({
                bytes: format.bytes(shownBytes),
                time: format.duration(Math.max(1, tookSeconds)),
              })}
        </Item>
      )}
      {isEnded && total.isVerified && <Item>{messages.everyPartVerified}</Item>}
    </div>
  );
}

/** A line of the total with one sentence. */
export function TotalLine({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="vd-total-status">
      <Item>{children}</Item>
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
