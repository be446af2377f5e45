import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { wholePercent } from '../format/index.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import { Button } from './button.js';
import type { IconName } from './icon.js';
import { Menu } from './menu.js';

/** What the first button of a row does. It is one element throughout, so focus stays while the verb changes. */
export type Verb = 'start' | 'pause' | 'resume' | 'retry' | 'play';

const icons: Record<Verb, IconName> = {
  start: 'play',
  pause: 'pause',
  resume: 'play',
  retry: 'retry',
  play: 'play',
};

export interface UploadActionsProps {
  upload: UploadSnapshot;
  verb: Verb | undefined;
  isPlayerOpen: boolean;
  onVerb: () => void;
  /** Undefined where there is nothing to edit in any row. */
  edit: 'possible' | 'too-late' | undefined;
  onEdit: () => void;
  onEnd: () => void;
  /** Rows that are not the current one are left out of the tab order. */
  tabIndex: number;
}

/** Percent and fixed slots: an unused slot stays empty, so that columns never shift. */
export function UploadActions({
  upload,
  verb,
  isPlayerOpen,
  onVerb,
  edit,
  onEdit,
  onEnd,
  tabIndex,
}: UploadActionsProps): ReactNode {
  const { messages, format, signIn } = useWidget();
  const isNarrow = useIsNarrow();
  const percent = percentOf(upload);
  const end = endOf(upload);
  const describedBy = `${upload.id}-name`;
  const common = { tabIndex, 'aria-describedby': describedBy };
  const endButton = end && (
    <Button label={messages[end]} icon="x" isIconOnly data-slot="end" {...common} onClick={onEnd} />
  );

  if (upload.waiting?.for === 'sign-in') {
    return (
      <div className="vd-end">
        <Button label={messages.signIn} look="line" data-slot="verb" {...common} onClick={signIn} />
        {endButton}
      </div>
    );
  }
  const isOpen = verb === 'play' && isPlayerOpen;
  const verbButton = verb && (
    <Button
      label={isOpen ? messages.closePlayer : messages[verb]}
      icon={isOpen ? 'up' : icons[verb]}
      isIconOnly
      data-slot="verb"
      {...common}
      {...(verb === 'play' && { 'aria-expanded': isPlayerOpen, 'aria-controls': `${upload.id}-player` })}
      onClick={onVerb}
    />
  );
  if (isNarrow && edit === 'possible') {
    const items = [
      { label: messages.editDetails, icon: 'edit' as const, onSelect: onEdit },
      ...(end ? [{ label: messages[end], icon: 'x' as const, onSelect: onEnd }] : []),
    ];
    return (
      <div className="vd-end">
        {verbButton}
        <Menu label={messages.more} items={items} tabIndex={tabIndex} describedBy={describedBy} />
      </div>
    );
  }
  return (
    <div className="vd-end">
      {percent !== undefined && (
        <span className="vd-percent vd-wide" aria-hidden="true">
          {format.percent(percent)}
        </span>
      )}
      {verbButton ?? <span className="vd-slot" />}
      {edit &&
        !isNarrow &&
        (edit === 'possible' ? (
          <Button
            label={messages.editDetails}
            icon="edit"
            isIconOnly
            data-slot="edit"
            aria-haspopup="dialog"
            {...common}
            onClick={onEdit}
          />
        ) : (
          <span className="vd-slot" />
        ))}
      {endButton ?? <span className="vd-slot" />}
    </div>
  );
}

/** Which verb a row offers; failed rows have theirs among the sentences. */
export function verbOf(
  upload: UploadSnapshot,
  { isPlayable, isHeld }: { isPlayable: boolean; isHeld: boolean },
): Verb | undefined {
  if (isHeld) return 'start';
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
export function percentOf({
  status,
  checkedBytes,
  sentBytes,
  sizeBytes,
}: UploadSnapshot): number | undefined {
  switch (status) {
    case 'preparing':
      return wholePercent(checkedBytes, sizeBytes);
    case 'uploading':
    case 'paused':
      return wholePercent(sentBytes, sizeBytes);
    case 'queued':
    case 'confirming':
    case 'processing':
    case 'ready':
    case 'failed':
    case 'canceled':
      return undefined;
    default:
      return status satisfies never;
  }
}
