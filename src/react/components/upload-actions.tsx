import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { wholePercent } from '../format/index.js';
import { Button } from './button.js';
import type { IconName } from './icon.js';

/** What the first button of a row does. It is one element throughout, so focus stays while the verb changes. */
export type Verb = 'pause' | 'resume' | 'retry' | 'play';

const icons: Record<Verb, IconName> = { pause: 'pause', resume: 'play', retry: 'retry', play: 'play' };

export interface UploadActionsProps {
  upload: UploadSnapshot;
  verb: Verb | undefined;
  isPlayerOpen: boolean;
  onVerb: () => void;
  onEnd: () => void;
  /** Rows that are not the current one are left out of the tab order. */
  tabIndex: number;
}

/** Percent and fixed slots: an unused slot stays empty, so that columns never shift. */
export function UploadActions({ upload, verb, isPlayerOpen, onVerb, onEnd, tabIndex }: UploadActionsProps): ReactNode {
  const { messages, format, signIn } = useWidget();
  const percent = percentOf(upload);
  const end = endOf(upload);
  const describedBy = `${upload.id}-name`;

  if (upload.waiting?.for === 'sign-in') {
    return (
      <div className="vd-end">
        <Button label={messages.signIn} look="line" data-slot="verb" tabIndex={tabIndex} aria-describedby={describedBy} onClick={signIn} />
        {end && <Button label={messages[end]} icon="x" isIconOnly data-slot="end" tabIndex={tabIndex} aria-describedby={describedBy} onClick={onEnd} />}
      </div>
    );
  }
  return (
    <div className="vd-end">
      {percent !== undefined && <span className="vd-percent vd-wide" aria-hidden="true">{format.percent(percent)}</span>}
      {verb
        ? (
          <Button
            label={verb === 'play' && isPlayerOpen ? messages.closePlayer : messages[verb]}
            icon={verb === 'play' && isPlayerOpen ? 'up' : icons[verb]}
            isIconOnly
            data-slot="verb"
            tabIndex={tabIndex}
            aria-describedby={describedBy}
            {...(verb === 'play' && { 'aria-expanded': isPlayerOpen, 'aria-controls': `${upload.id}-player` })}
            onClick={onVerb}
          />
        )
        : <span className="vd-slot" />}
      {end
        ? <Button label={messages[end]} icon="x" isIconOnly data-slot="end" tabIndex={tabIndex} aria-describedby={describedBy} onClick={onEnd} />
        : <span className="vd-slot" />}
    </div>
  );
}

/** Which verb a row offers; failed rows have theirs among the sentences. */
export function verbOf(upload: UploadSnapshot, isPlayable: boolean): Verb | undefined {
  if (upload.status === 'failed') return undefined;
  if (upload.status === 'ready') return isPlayable ? 'play' : undefined;
  if (upload.status === 'canceled') return upload.canRetry ? 'retry' : undefined;
  if (upload.canPause) return 'pause';
  return upload.canResume ? 'resume' : undefined;
}

/** What the last button does: give up while it runs, take the row away once it has ended. */
export function endOf(upload: UploadSnapshot): 'cancel' | 'remove' | undefined {
  if (upload.canCancel) return 'cancel';
  return upload.canRemove ? 'remove' : undefined;
}

/** The whole percent of a row, where there is one to show. */
export function percentOf({ status, checkedBytes, sentBytes, sizeBytes }: UploadSnapshot): number | undefined {
  switch (status) {
    case 'preparing': return wholePercent(checkedBytes, sizeBytes);
    case 'uploading': case 'paused': return wholePercent(sentBytes, sizeBytes);
    case 'queued': case 'confirming': case 'processing': case 'ready': case 'failed': case 'canceled': return undefined;
    default: return status satisfies never;
  }
}
