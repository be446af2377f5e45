import type { ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Button } from '../components/button.js';
import { HostPart } from '../components/host-part.js';
import { RowPlayer } from '../components/row-player.js';
import { RowPoster } from '../components/row-pieces.js';
import { UndoLine } from '../components/lazy-undo.js';
import type { UploadItemSlots } from '../components/upload-item.js';
import { needsOtherFile } from '../components/upload-failure.js';
import { useWidget } from '../context.js';
import { useIsNarrow } from '../hooks/use-is-narrow.js';
import type { Row } from '../hooks/use-row.js';
import type { UseUploadResult } from '../hooks/use-upload.js';
import type { MediaCopy } from '../media/use-media-copy.js';
import { TileProgress } from './tile-progress.js';

export interface TilePictureProps {
  view: UseUploadResult;
  upload: UploadSnapshot;
  row: Row;
  media: MediaCopy;
  slots: UploadItemSlots;
  tabIndex: number;
}

/** The poster, and on it the progress, or what can be done with the video. A player takes its place. */
export function TilePicture({ view, upload, row, media, slots, tabIndex }: TilePictureProps): ReactNode {
  const isQuiet = row.ending !== undefined || row.asks;
  const isPlaying = row.player?.isOpen === true;
  return (
    <div className="vd-tile-picture" data-playing={isPlaying || undefined}>
      <HostPart
        render={() => slots.poster?.(upload)}
        otherwise={
          <RowPoster
            upload={upload}
            // While it plays, the button that closes the player stands on the player.
            row={isPlaying ? { ...row, playLocal: undefined } : row}
            tabIndex={tabIndex}
            isLarge
          />
        }
      />
      {!isQuiet && <TileProgress view={view} upload={upload} />}
      <RowPlayer upload={upload} row={row} />
      {!isQuiet && <MainButton upload={upload} row={row} onRetry={view.retry} tabIndex={tabIndex} />}
      {!isQuiet && !isPlaying && upload.status === 'ready' && (
        <MediaButtons upload={upload} media={media} slots={slots} tabIndex={tabIndex} />
      )}
      {row.ending && <UndoLine id={upload.id} />}
    </div>
  );
}

interface MainButtonProps {
  upload: UploadSnapshot;
  row: Row;
  onRetry: () => void;
  tabIndex: number;
}

/** The one thing to do with the picture: play it, close the player, or try again. */
function MainButton({ upload, row, onRetry, tabIndex }: MainButtonProps): ReactNode {
  const { messages } = useWidget();
  const { id, status, error } = upload;
  const common = {
    className: 'vd-tile-main',
    isIconOnly: true,
    'data-slot': 'verb',
    tabIndex,
    'aria-describedby': `${id}-name`,
  } as const;
  if (status === 'failed' && error && upload.canRetry && !needsOtherFile(error))
    return <Button {...common} label={messages.retry} icon="retry" data-always onClick={onRetry} />;
  const isOpen = row.player?.isOpen === true;
  if (row.verb !== 'play' && !isOpen) return null;
  return (
    <Button
      {...common}
      label={isOpen ? messages.closePlayer : messages.play}
      icon={isOpen ? 'x' : 'play'}
      // The poster that was pressed is no button while the player is open.
      autoFocus={isOpen}
      aria-expanded={isOpen}
      aria-controls={`${id}-player`}
      onClick={row.verb === 'play' ? row.doVerb : row.playLocal}
    />
  );
}

interface MediaButtonsProps {
  upload: UploadSnapshot;
  media: MediaCopy;
  slots: UploadItemSlots;
  tabIndex: number;
}

/** Link and embed code, and what the host adds. Narrow tiles have room for the host's only; the others are in the menu. */
function MediaButtons({ upload, media, slots, tabIndex }: MediaButtonsProps): ReactNode {
  const isNarrow = useIsNarrow();
  const items = isNarrow ? [] : media.items.filter(({ kind }) => kind !== 'id');
  const { mediaActions } = slots;
  if (!items.length && !mediaActions) return null;
  return (
    <div className="vd-tile-media">
      {items.map(({ kind, label, icon, onSelect }) => (
        <Button
          key={kind}
          label={label}
          icon={icon}
          isIconOnly
          data-slot={kind}
          tabIndex={tabIndex}
          aria-describedby={`${upload.id}-name`}
          onClick={onSelect}
        />
      ))}
      <HostPart render={() => mediaActions?.(upload)} />
    </div>
  );
}
