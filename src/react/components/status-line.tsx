import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget, type WidgetContext } from '../context.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import type { UseUploadResult } from '../hooks/use-upload.js';
import { countedBytes, isInLine, isSafeToClose } from '../hooks/row-rules.js';
import { rowFacts } from '../files/row-facts.js';
import { useNow } from '../hooks/use-now.js';
import { Icon } from './icon.js';
import { ImportStatus } from './import-status.js';
import { SafeToClose } from './safe-to-close.js';
import { Item, StatusItems } from './status-items.js';

type View = Pick<UseUploadResult, 'bytesPerSecond' | 'remainingSeconds'> & { upload: UploadSnapshot };

/** The second line of a row: its status in words, and the numbers that belong to it. */
export function StatusLine({ view, tabIndex = -1 }: { view: View; tabIndex?: number }): ReactNode {
  const { messages } = useWidget();
  const { upload } = view;
  if (upload.waiting) return <WaitingStatus upload={upload} />;
  if (upload.source && upload.status === 'preparing') return <ImportStatus upload={upload} />;
  if (isInLine(upload)) return <QueuedStatus upload={upload} />;
  switch (upload.status) {
    case 'queued':
      return <QueuedStatus upload={upload} />;
    case 'preparing':
      return <PreparingStatus upload={upload} />;
    case 'uploading':
      return <UploadingStatus view={view} tabIndex={tabIndex} />;
    case 'paused':
      return <PausedStatus upload={upload} tabIndex={tabIndex} />;
    case 'importing':
      return <ImportStatus upload={upload} />;
    case 'confirming':
      return <ConfirmingStatus upload={upload} />;
    case 'processing':
      return <ProcessingStatus upload={upload} />;
    case 'ready':
      return <ReadyStatus upload={upload} />;
    case 'canceled':
      return <StatusItems status={messages.canceled[upload.cleanup]} tone="dim" />;
    // A failure needs more than a line; see `UploadFailure`.
    case 'failed':
      return null;
    default:
      return upload.status satisfies never;
  }
}

/** What is stored, and of how much; of a link that is not begun there is only its host. */
function bytesOf(
  upload: UploadSnapshot,
  { messages, format }: Pick<WidgetContext, 'messages' | 'format'>,
): string {
  return upload.source?.host ?? messages.bytesOf(format.bytesOf(countedBytes(upload), upload.sizeBytes));
}

function QueuedStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  return (
    <StatusItems
      status={
        upload.isNotStarted
          ? [messages.notStarted]
          : messages.queued({ ahead: upload.queuePosition ?? 0 }, format)
      }
      tone="dim"
    >
      <Item className="vd-give">{upload.source?.host ?? format.bytes(upload.sizeBytes)}</Item>
    </StatusItems>
  );
}

function PreparingStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  return (
    <StatusItems status={[messages.checking]}>
      <Item className="vd-narrow">{format.percent(wholePercent(upload.checkedBytes, upload.sizeBytes))}</Item>
      <Item className="vd-wide vd-give">
        {messages.bytesOf(format.bytesOf(upload.checkedBytes, upload.sizeBytes))}
      </Item>
    </StatusItems>
  );
}

function UploadingStatus({ view, tabIndex }: { view: View; tabIndex: number }): ReactNode {
  const { messages, format } = useWidget();
  const { upload, bytesPerSecond, remainingSeconds } = view;
  return (
    <div className="vd-status-line">
      {upload.owner === 'other' && (
        <span className="vd-status">
          <Icon name="tabs" size="small" />
          <bdi className="vd-status-text">{messages.otherTab}</bdi>
        </span>
      )}
      <Item className="vd-narrow">
        {format.percent(wholePercent(countedBytes(upload), upload.sizeBytes))}
      </Item>
      <Item className="vd-wide">
        {messages.bytesOf(format.bytesOf(countedBytes(upload), upload.sizeBytes))}
      </Item>
      {bytesPerSecond !== undefined && <Item className="vd-wide">{format.speed(bytesPerSecond)}</Item>}
      {remainingSeconds !== undefined && (
        <Item className="vd-give">{messages.timeLeft(roundTimeLeft(remainingSeconds), format)}</Item>
      )}
      {isSafeToClose(upload) && <SafeToClose upload={upload} tabIndex={tabIndex} />}
    </div>
  );
}

function PausedStatus({ upload, tabIndex }: { upload: UploadSnapshot; tabIndex: number }): ReactNode {
  const { messages, format } = useWidget();
  const { finishingParts, sizeBytes } = upload;
  const counted = countedBytes(upload);
  const bytes = bytesOf(upload, { messages, format });
  const stored = finishingParts || upload.source ? bytes : messages.bytesStored(bytes);
  // A file of one part begins anew; no number that falls to 0 may look like a loss.
  const beginsAnew = upload.partCount === 1 && counted === 0;
  return (
    <StatusItems
      status={
        finishingParts ? [messages.pausing, messages.finishing(finishingParts, format)] : [messages.paused]
      }
      icon={finishingParts ? 'spin' : 'pause'}
    >
      {!upload.source && (
        <Item className="vd-narrow">{format.percent(wholePercent(counted, sizeBytes))}</Item>
      )}
      <Item className="vd-wide vd-give">{beginsAnew ? messages.canceled.done[1] : stored}</Item>
      {isSafeToClose(upload) && <SafeToClose upload={upload} tabIndex={tabIndex} />}
    </StatusItems>
  );
}

function ConfirmingStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  return (
    <StatusItems status={[messages.confirming]} icon="spin">
      <Item className="vd-give">{messages.bytesSent(format.bytes(upload.sizeBytes))}</Item>
    </StatusItems>
  );
}

function WaitingStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  const { waiting } = upload;
  const now = useNow(waiting !== undefined && 'retryAt' in waiting);
  const bytes = bytesOf(upload, { messages, format });
  switch (waiting?.for) {
    case 'network':
      return (
        <StatusItems status={messages.waitingNetwork} icon="offline" tone="wait">
          <Item className="vd-wide vd-give">{bytes}</Item>
        </StatusItems>
      );
    case 'file':
      return (
        <StatusItems status={[messages.waitingFile]} icon="alert" tone="wait">
          <Item className="vd-wide vd-give">{upload.source ? bytes : messages.bytesKept(bytes)}</Item>
        </StatusItems>
      );
    case 'sign-in':
      return (
        <StatusItems status={[messages.waitingSignIn]} icon="lock" tone="wait">
          <Item className="vd-wide vd-give">{upload.source ? bytes : messages.bytesKept(bytes)}</Item>
        </StatusItems>
      );
    case 'cloud':
    case 'rate-limit': {
      const seconds = Math.max(0, Math.ceil((waiting.retryAt - now) / 1000));
      const say = waiting.for === 'cloud' ? messages.waitingCloud : messages.waitingRateLimit;
      return (
        <StatusItems status={say({ seconds }, format)} icon="clock" tone="wait">
          <Item className="vd-wide vd-give">{bytes}</Item>
        </StatusItems>
      );
    }
    case undefined:
      return null;
    default:
      return waiting satisfies never;
  }
}

function ProcessingStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages } = useWidget();
  const { processing, tooLateToCancel } = messages;
  const status = upload.isTooLateToCancel ? [...processing.slice(0, 1), tooLateToCancel] : processing;
  return <StatusItems status={status} icon="spin" />;
}

function ReadyStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  const { details, media, receipt, sizeBytes, file } = upload;
  const lines = Math.min(media?.width ?? 0, media?.height ?? 0);
  return (
    <StatusItems status={[messages.ready]} icon="check" tone="ok">
      {sizeBytes > 0 && <Item className="vd-wide">{format.bytes(sizeBytes)}</Item>}
      {lines > 0 && <Item className="vd-wide">{lines >= 2160 ? '4K' : `${format.plain(lines)}p`}</Item>}
      {file && rowFacts.get(file)?.()}
      {receipt?.isVerified && (
        <span className="vd-proof" title={messages.verifiedTitle}>
          <Icon name="shield" size="small" />
          <span className="vd-hidden">{messages.verified}</span>
        </span>
      )}
      {details?.status === 'failed' && (
        <span className="vd-status" data-tone="bad">
          <bdi className="vd-status-text">{messages.titleNotSaved}</bdi>
        </span>
      )}
    </StatusItems>
  );
}
