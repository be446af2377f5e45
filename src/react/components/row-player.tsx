import { Suspense, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import type { Row } from '../hooks/use-row.js';
import { HostPart } from './host-part.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';
import { urlOf } from './poster.js';

const UploadPlayer = lazyPart(() => import('./upload-player.js').then(({ UploadPlayer }) => UploadPlayer));

/**
 * The player below a row, from the first time that it was opened: of the file while it uploads, of the cloud once it is
 * ready; the host's own where it has one.
 */
export function RowPlayer({ upload, row: { player } }: { upload: UploadSnapshot; row: Row }): ReactNode {
  const { renderPlayer } = useWidget();
  if (!player?.wasOpen) return null;
  if (renderPlayer && upload.status === 'ready')
    return (
      <div className="vd-player" id={`${upload.id}-player`} hidden={!player.isOpen}>
        <HostPart render={() => renderPlayer(upload)} />
      </div>
    );
  const url = player.url ?? (player.isLocal ? urlOf(upload.file) : undefined);
  return (
    url !== undefined && (
      <Suspense fallback={player.isOpen && <LateNote />}>
        <UploadPlayer upload={upload} url={url} isOpen={player.isOpen} />
      </Suspense>
    )
  );
}
