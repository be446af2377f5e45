import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { Button } from './button.js';

export interface CancelQuestionProps {
  upload: UploadSnapshot;
  onKeep: () => void;
  onCancel: () => void;
}

/** Asks in the row itself, naming what would be lost. Escape keeps. */
export function CancelQuestion({ upload, onKeep, onCancel }: CancelQuestionProps): ReactNode {
  const { messages, format } = useWidget();
  return (
    <>
      <div className="vd-text">
        <div className="vd-say" id={`${upload.id}-name`}>
          {messages.cancelQuestion}
        </div>
        <div className="vd-status-line">
          <span className="vd-give">
            <bdi>{messages.sentWillBeDeleted(format.bytes(upload.sentBytes))}</bdi>
          </span>
        </div>
      </div>
      <div className="vd-end vd-end-words">
        <Button label={messages.keepUploading} look="line" autoFocus onClick={onKeep} />
        <Button label={messages.cancelUpload} look="danger" onClick={onCancel} />
      </div>
    </>
  );
}
