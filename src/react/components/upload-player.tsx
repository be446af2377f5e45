import { useEffect, useRef, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { MediaId } from './media-id.js';

export interface UploadPlayerProps {
  upload: UploadSnapshot;
  url: string;
  isOpen: boolean;
}

/**
 * The browser's own player below a row, with the media id once it is ready. It stays in the document while closed and loads
 * nothing then, so that opening keeps the place where it was stopped.
 */
export function UploadPlayer({ upload, url, isOpen }: UploadPlayerProps): ReactNode {
  const { messages } = useWidget();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    // Opening is the click on "Play". A browser that still refuses leaves its own play button to be pressed.
    if (isOpen) void video.current?.play()?.catch(() => undefined);
    else video.current?.pause();
  }, [isOpen]);
  return (
    <div className="vd-player" id={`${upload.id}-player`} hidden={!isOpen}>
      <video
        ref={video}
        className="vd-video"
        src={url}
        controls
        playsInline
        preload={isOpen ? 'metadata' : 'none'}
        poster={upload.media?.coverUrl}
        aria-label={messages.playerLabel(upload.fileName)}
      />
      {upload.mediaId !== undefined && upload.status === 'ready' && (
        <div className="vd-player-status">
          <span>{messages.mediaId}</span>
          <MediaId id={upload.mediaId} />
        </div>
      )}
    </div>
  );
}
