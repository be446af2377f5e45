import { useState, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { roundTimeLeft } from '../format/index.js';
import { percentOfTotal, useTotalRatio, useTotal, type Total } from '../hooks/use-total.js';
import { resumeAll } from '../stores/pending-ends.js';
import { Button } from './button.js';
import { DockRows } from './dock-rows.js';
import { Icon } from './icon.js';
import { ProgressLine } from './progress-line.js';

export interface DockPanelProps {
  onShow: (() => void) | undefined;
  onDismiss: () => void;
}

/** The contents of the dock: a bar, and the rows above it once it is opened. */
export function DockPanel({ onShow, onDismiss }: DockPanelProps): ReactNode {
  const { messages, format, kind, uploader } = useWidget();
  const total = useTotal();
  const ratioOf = useTotalRatio();
  const [isOpen, setIsOpen] = useState(false);
  const isEnded = total.phase === 'ended';
  const needsAttention = total.failedIds.length > 0;
  const isMoving = total.phase === 'uploading';
  const percent = percentOfTotal(total);
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
          <DockStatus total={total} timeLeft={timeLeft} />
        </div>
        {needsAttention && onShow && <Button label={messages.show} look="line" onClick={onShow} />}
        {(total.canPause || total.canResume) && !(needsAttention && onShow) && (
          <Button
            label={total.canPause ? messages.pauseAll : messages.resumeAll}
            icon={total.canPause ? 'pause' : 'play'}
            isIconOnly
            onClick={() => {
              if (total.canPause) uploader.pauseAll();
              else resumeAll(uploader);
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
          tone={isEnded || total.phase === 'processing' ? 'rest' : isMoving ? 'up' : 'paused'}
          ratioOf={ratioOf}
          label={title}
          percent={percent}
          valueText={messages.progressText({ percent, timeLeft }, format)}
        />
      </div>
    </div>
  );
}

function DockStatus({ total, timeLeft }: { total: Total; timeLeft: string | undefined }): ReactNode {
  const { messages, format } = useWidget();
  const items =
    total.phase === 'ended'
      ? [
          total.readyBytes > 0 && format.bytes(total.readyBytes),
          total.isVerified && messages.everyPartVerified,
        ]
      : [
          total.failedIds.length > 0 && messages.readyOf({ count: total.ready, of: total.count }, format),
          total.phase === 'paused' && messages.paused,
          total.isOffline && messages.waitingNetwork[0],
          total.phase === 'processing' && messages.processing.join(', '),
          total.bytesPerSecond !== undefined &&
            total.failedIds.length === 0 &&
            format.speed(total.bytesPerSecond),
          timeLeft,
        ];
  return (
    <div className="vd-dock-status">
      <bdi>{items.filter(Boolean).join(' · ')}</bdi>
    </div>
  );
}
