import type { ReactNode } from 'react';
import type { AttachmentSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { useUploader } from '../../hooks/use-uploader.js';
import { Button } from '../button.js';

interface RetryAttachmentProps {
  readonly uploadId: string;
  readonly attachment: AttachmentSnapshot;
}

/** Sends a cover or a subtitle file once more that has failed. */
export function RetryAttachment({
  uploadId,
  attachment: { attachmentId, fileName },
}: RetryAttachmentProps): ReactNode {
  const { messages } = useWidget();
  const uploader = useUploader();
  return (
    <Button
      label={`${messages.retry}: ${fileName}`}
      icon="retry"
      isIconOnly
      onClick={() => uploader.retryAttachment(uploadId, attachmentId)}
    />
  );
}
