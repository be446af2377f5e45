import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useIsLate } from '../hooks/use-is-late.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

const patienceMs = 8000;

export interface LateNoteProps {
  /** Default: that a part of the page could not be loaded. */
  text?: string | undefined;
  onClose?: () => void;
}

/** In place of a part that a person has asked for, while it is loaded: after some seconds it says that it is not. */
export function LateNote({ text, onClose }: LateNoteProps): ReactNode {
  const { messages } = useWidget();
  const isLate = useIsLate(patienceMs);
  // A host may have left that sentence out.
  const usual = messages.errors['code-unavailable'];
  const said = text ?? (usual && `${usual.what} ${usual.todo}`);
  if (!isLate || !said) return null;
  return (
    <div className="vd-panel">
      <div className="vd-note" role="alert">
        <Icon name="alert" />
        <bdi>{said}</bdi>
        {onClose && <Button label={messages.dismiss} icon="x" isIconOnly onClick={onClose} />}
      </div>
    </div>
  );
}
