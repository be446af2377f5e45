import { Suspense, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import type { Row } from '../hooks/use-row.js';
import { lazyPart } from './lazy-part.js';

const UploadPlayer = lazyPart(() => import('./upload-player.js').then(({ UploadPlayer }) => UploadPlayer));

/** The player below a ready row, from the first time that it was opened; the host's own where it has one. */
export function RowPlayer({ upload, row: { player } }: { upload: UploadSnapshot; row: Row }): ReactNode {
  const { renderPlayer } = useWidget();
  if (!player?.wasOpen) return null;
  if (renderPlayer)
    return (
      <div className="vd-player" id={`${upload.id}-player`} hidden={!player.isOpen}>
        {renderPlayer(upload)}
      </div>
    );
  return (
    player.url !== undefined && (
      <Suspense>
        <UploadPlayer upload={upload} url={player.url} isOpen={player.isOpen} />
      </Suspense>
    )
  );
}
