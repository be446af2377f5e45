import type { ReactNode } from 'react';
import { useDeferred } from '../stores/deferred.js';
import { undoCode } from '../stores/undo-code.js';
import type { UndoButtonProps, UndoSecondsProps, UndoStatusProps } from './undo.js';

/* The parts of what can be taken back, as rows have them. What is about to end was delayed by the same chunk. */

export function UndoButton(props: UndoButtonProps): ReactNode {
  const Part = useDeferred(undoCode)?.UndoButton;
  return Part && <Part {...props} />;
}

export function UndoLine(props: { id: string }): ReactNode {
  const Part = useDeferred(undoCode)?.UndoLine;
  return Part && <Part {...props} />;
}

export function UndoSeconds(props: UndoSecondsProps): ReactNode {
  const Part = useDeferred(undoCode)?.UndoSeconds;
  return Part && <Part {...props} />;
}

export function UndoStatus(props: UndoStatusProps): ReactNode {
  const Part = useDeferred(undoCode)?.UndoStatus;
  return Part && <Part {...props} />;
}
