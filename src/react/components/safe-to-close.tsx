import { useId, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { wholePercent } from '../format/index.js';
import { countedBytes } from '../hooks/row-rules.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Icon } from './icon.js';

/** Says, when pointed at or focused, from where the upload resumes when the page is closed now. */
export function SafeToClose({ upload, tabIndex }: { upload: UploadSnapshot; tabIndex: number }): ReactNode {
  const { messages, format, uploader } = useWidget();
  const id = useId();
  // Storage can fail after the file was kept, and a row that does not move is not told.
  const canResume = useSelected(uploader, (snapshot) => snapshot.canResumeAfterReload);
  const stored = countedBytes(upload);
  const percent = format.percent(wholePercent(stored, upload.sizeBytes));
  if (!canResume) return null;
  return (
    <span className="vd-safe">
      <button
        type="button"
        className="vd-safe-button"
        aria-label={messages.safeToClose}
        aria-describedby={id}
        tabIndex={tabIndex}
      >
        <Icon name="shield" size="small" />
      </button>
      <span className="vd-tip" role="tooltip" id={id}>
        <b>{messages.safeToClose}</b>
        <bdi>{messages.bytesStored(format.bytes(stored))}</bdi> · <bdi>{messages.resumesAt(percent)}</bdi>
      </span>
    </span>
  );
}
