import { useState, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useIsLate } from '../hooks/use-is-late.js';
import { loadAgain } from '../stores/deferred.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** Until then nothing tells that a part is loaded: what comes at once would only flicker. */
const quietMs = 400;
const patienceMs = 8000;

export interface LateNoteProps {
  /** Default: that a part of the page could not be loaded. */
  text?: string | undefined;
  onClose?: () => void;
  /** Inside a row or the total instead of a card of its own. */
  isInline?: boolean;
  /** What is shown until the note is. */
  children?: ReactNode;
}

/**
 * In place of a part that a person has asked for, while it is loaded: first it is busy; after some seconds it says that the
 * part did not come, and offers to load it again.
 */
export function LateNote({ text, onClose, isInline = false, children }: LateNoteProps): ReactNode {
  const { messages } = useWidget();
  const [tries, setTries] = useState(0);
  const isSlow = useIsLate(quietMs);
  const isLate = useIsLate(patienceMs, tries);
  // A host may have left that sentence out.
  const usual = messages.errors['code-unavailable'];
  const said = text ?? (usual && `${usual.what} ${usual.todo}`);
  if (!isSlow) return children;
  // Once it was said, it stays while it is tried again: the button keeps the focus.
  const isSaid = (isLate || tries > 0) && said;
  const note = (
    <div className="vd-note vd-late" data-inline={isInline || undefined} role="alert" aria-busy={!isLate}>
      <Icon name={isLate ? 'alert' : 'spin'} size={isInline ? 'small' : undefined} />
      {isSaid && (
        <>
          <bdi>{said}</bdi>
          <Button
            label={messages.retry}
            icon="retry"
            foldsToIcon
            onClick={() => {
              setTries(tries + 1);
              loadAgain();
            }}
          />
          {onClose && <Button label={messages.dismiss} icon="x" isIconOnly onClick={onClose} />}
        </>
      )}
    </div>
  );
  return isInline ? note : <div className="vd-panel">{note}</div>;
}
