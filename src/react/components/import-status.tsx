import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { percentOf } from '../hooks/row-rules.js';
import { Item, StatusItems } from './status-items.js';

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
      {percent !== undefined && <Item className="vd-narrow">{format.percent(percent)}</Item>}
      <Item className="vd-give">{isUnknown ? messages.importLeave : rest}</Item>
    </StatusItems>
  );
}
