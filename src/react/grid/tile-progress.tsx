import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Icon, type IconName } from '../components/icon.js';
import { usePaintedProgress } from '../components/progress-line.js';
import { useWidget } from '../context.js';
import { isInLine, percentOf } from '../hooks/row-rules.js';
import { useRowProgress } from '../hooks/use-row-progress.js';
import type { UseUploadResult } from '../hooks/use-upload.js';

/** What stands in the middle of the picture: a ring of two tones with the percent, or the reason why there is none. */
export function TileProgress({ view, upload }: { view: UseUploadResult; upload: UploadSnapshot }): ReactNode {
  const { format } = useWidget();
  const progress = useRowProgress(view, upload);
  const { tone } = progress;
  const painted = usePaintedProgress(progress);
  const percent = upload.waiting ? undefined : percentOf(upload);
  const icon = percent === undefined ? iconOf(upload) : undefined;
  if (percent === undefined && !icon) return null;
  const contents = icon ? (
    <Icon name={icon} />
  ) : (
    <>
      <svg viewBox="0 0 64 64" aria-hidden="true" focusable="false">
        <circle cx="32" cy="32" r="27" />
        <circle cx="32" cy="32" r="27" pathLength="1" className="vd-ring-way" />
        <circle cx="32" cy="32" r="27" pathLength="1" className="vd-ring-bar" />
      </svg>
      <bdi>{format.percent(percent ?? 0)}</bdi>
    </>
  );
  return (
    <span className="vd-veil">
      {tone === 'rest' ? (
        <span className={icon ? 'vd-ring vd-ring-icon' : 'vd-ring'} aria-hidden="true">
          {contents}
        </span>
      ) : (
        <span className={icon ? 'vd-ring vd-ring-icon' : 'vd-ring'} data-tone={tone} {...painted}>
          {contents}
        </span>
      )}
    </span>
  );
}

/** Beside a picture that says nothing of the state; undefined where the picture is all there is to show. */
function iconOf(upload: UploadSnapshot): IconName | undefined {
  const { status, waiting, error } = upload;
  if (waiting) return waitingIcons[waiting.for];
  if (isInLine(upload)) return 'clock';
  switch (status) {
    case 'queued':
      return 'clock';
    case 'preparing':
    case 'importing':
    case 'confirming':
    case 'processing':
      return 'spin';
    // Its button is "Retry" where that is possible.
    case 'failed':
      return upload.canRetry && error ? undefined : 'alert';
    case 'uploading':
    case 'paused':
    case 'ready':
    case 'canceled':
      return undefined;
    default:
      return status satisfies never;
  }
}

const waitingIcons = {
  network: 'offline',
  file: 'alert',
  'sign-in': 'lock',
  cloud: 'clock',
  'rate-limit': 'clock',
} as const satisfies Record<NonNullable<UploadSnapshot['waiting']>['for'], IconName>;
