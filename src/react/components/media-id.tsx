import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useCopy } from '../hooks/use-copy.js';
import { Icon } from './icon.js';

/** What the media service calls the result; a click copies it. */
export function MediaId({ id, tabIndex = 0 }: { id: string; tabIndex?: number }): ReactNode {
  const { messages } = useWidget();
  const { hasCopied, copy } = useCopy();
  return (
    <button
      type="button"
      className="vd-media-id"
      tabIndex={tabIndex}
      aria-label={`${messages.copyMediaId} ${id}`}
      title={messages.copyMediaId}
      onClick={() => {
        void copy(id);
      }}
    >
      <span className="vd-media-id-text" dir="ltr">
        {id}
      </span>
      <Icon name={hasCopied ? 'check' : 'copy'} size="small" />
    </button>
  );
}
