import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { percentOf } from '../hooks/row-rules.js';
import { Icon } from './icon.js';

/** A video that the cloud itself fetches: where from, and as much of the rest as the cloud tells. */
export function ImportStatus({ upload }: { upload: UploadSnapshot }): ReactNode {
  const { messages, format } = useWidget();
  const { importing, source, sizeBytes } = upload;
  const percent = percentOf(upload);
  if (importing?.state === 'running' && percent === undefined)
    return (
      <div className="vd-status-line">
        <span className="vd-status">
          <Icon name="spin" size="small" />
          <bdi className="vd-status-text">{messages.importing}</bdi>
        </span>
        <span className="vd-give">
          <bdi>{messages.importLeave}</bdi>
        </span>
      </div>
    );
  const bytes =
    percent !== undefined && sizeBytes > 0
      ? messages.bytesOf(format.bytesOf((sizeBytes * percent) / 100, sizeBytes))
      : undefined;
  return (
    <div className="vd-status-line">
      <span className="vd-status">
        <Icon name="link" size="small" />
        <bdi className="vd-status-text">{source?.host}</bdi>
      </span>
      {percent !== undefined && (
        <span className="vd-narrow">
          <bdi>{format.percent(percent)}</bdi>
        </span>
      )}
      <span className="vd-give">
        <bdi>{importing?.state === 'running' ? (bytes ?? messages.importing) : messages.importWaiting}</bdi>
      </span>
    </div>
  );
}
