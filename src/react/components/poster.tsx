import { Suspense, useEffect, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { clockTime, extensionOf } from '../format/index.js';
import { useKeepPoster } from '../hooks/use-keep-poster.js';
import { usePoster } from '../hooks/use-poster.js';
import { lazyPart } from './lazy-part.js';

export interface PosterProps {
  name: string;
  file?: File | undefined;
  /** The cover the person chose; shown before anything else. */
  coverFile?: File | undefined;
  coverUrl?: string | undefined;
  durationSeconds?: number | undefined;
  /** Id of the upload for whose unfinished card the frame is kept. */
  keepFor?: string | undefined;
  /** The frame of the file is taken in the size of a tile instead of a row. */
  isLarge?: boolean | undefined;
  /** A convenience for pointers; the same has to be reached by a button. */
  onClick?: (() => void) | undefined;
  /** Plays the file; the poster is a button then. */
  onPlay?: (() => void) | undefined;
  isPlaying?: boolean;
  tabIndex?: number;
  /** Id of what it is a picture of. */
  describedBy?: string;
}

const PosterScrub = lazyPart(() => import('./poster-scrub.js').then(({ PosterScrub }) => PosterScrub));

/** A picture of the video; until there is one, its extension in a well. The pointer moves through the film on it. */
export function Poster({
  name,
  file,
  coverFile,
  coverUrl,
  durationSeconds,
  keepFor,
  isLarge,
  onClick,
  onPlay,
  isPlaying = false,
  tabIndex,
  describedBy,
}: PosterProps): ReactNode {
  const { messages } = useWidget();
  const frame = usePoster(file, isLarge);
  useKeepPoster(keepFor, frame?.picture);
  const [at, scrubProps] = useScrub();
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const url = [urlOf(coverFile), coverUrl, frame?.url].find(
    (candidate) => candidate !== undefined && candidate !== brokenUrl,
  );
  const seconds = durationSeconds ?? frame?.durationSeconds;
  // Only what the browser could decode.
  const filmSeconds = frame?.url !== undefined ? frame.durationSeconds : undefined;
  const isScrubbing = at !== undefined && file !== undefined && filmSeconds !== undefined;
  const contents = (
    <>
      {url !== undefined ? (
        <img
          src={url}
          alt=""
          draggable={false}
          onError={() => {
            setBrokenUrl(url);
          }}
        />
      ) : (
        <span className="vd-poster-type">{extensionOf(name).slice(1).toUpperCase().slice(0, 5)}</span>
      )}
      {url !== undefined && seconds !== undefined && seconds >= 0.5 && !isScrubbing && (
        <span className="vd-poster-time">{clockTime(seconds)}</span>
      )}
      {isScrubbing && (
        <Suspense>
          <PosterScrub file={file} durationSeconds={filmSeconds} at={at} />
        </Suspense>
      )}
    </>
  );
  if (onPlay && frame?.url !== undefined)
    return (
      <button
        type="button"
        className="vd-poster"
        data-clickable
        aria-label={isPlaying ? messages.closePlayer : messages.play}
        aria-expanded={isPlaying}
        aria-describedby={describedBy}
        tabIndex={tabIndex}
        onClick={onPlay}
        {...scrubProps}
      >
        {contents}
      </button>
    );
  return (
    <div
      className="vd-poster"
      aria-hidden="true"
      data-clickable={onClick !== undefined || undefined}
      onClick={onClick}
      {...scrubProps}
    >
      {contents}
    </div>
  );
}

/** The pointer has rested so long on the picture. */
const restMs = 120;

/** Where a mouse is on the poster, from 0 to 1; undefined for touch, and where motion is not wanted. */
function useScrub() {
  const [at, setAt] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const placeOf = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return width ? Math.max(0, Math.min(0.999, (clientX - left) / width)) : 0;
  };
  const leave = () => {
    clearTimeout(timer.current);
    setAt(undefined);
  };
  const handlers = {
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const place = placeOf(event);
      if (at !== undefined) {
        setAt(place);
        return;
      }
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        setAt(place);
      }, restMs);
    },
    onPointerLeave: leave,
    onPointerCancel: leave,
  };
  return [at, handlers] as const;
}

const urls = new WeakMap<File, string>();

/** One address for a file, ever: pictures are small, and rows come and go. */
export function urlOf(file: File | undefined): string | undefined {
  if (!file) return undefined;
  let url = urls.get(file);
  if (url === undefined) urls.set(file, (url = URL.createObjectURL(file)));
  return url;
}
