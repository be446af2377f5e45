import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { percentOf } from '../hooks/row-rules.js';
import { StatusItems } from './status-items.js';

/** A video that the cloud itself fetches: where from, and as much of the rest as the cloud tells. */
export function ImportStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  const { importing, source, sizeBytes } = upload;
  const percent = percentOf(upload);
  const isRunning = importing?.state === 'running';
  const isUnknown = isRunning && percent === undefined;
  const bytes =
    percent !== undefined && sizeBytes > 0
      ? messages.bytesOf(format.bytesOf((sizeBytes * percent) / 100, sizeBytes))
      : messages.importing;
  const rest = isRunning ? bytes : messages.importWaiting;
  return (
    <StatusItems
      status={[isUnknown ? messages.importing : (source?.host ?? '')]}
      icon={isUnknown ? 'spin' : 'link'}
    >
      {percent !== undefined && (
        <span className="vd-narrow">
          <bdi>{format.percent(percent)}</bdi>
        </span>
      )}
      <span className="vd-give">
        <bdi>{isUnknown ? messages.importLeave : rest}</bdi>
      </span>
    </StatusItems>
  );
}
