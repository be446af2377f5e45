import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useWidget } from '../../context.js';
import type { StripFrame } from '../../files/cover-frame.js';
import { clockTime } from '../../format/index.js';
import { useStripFrames, type Strip } from '../../hooks/use-strip-frames.js';

export interface FilmStripProps {
  file: File;
  duration: number;
  seconds: number;
  isEditable: boolean;
  onSeek: (seconds: number) => void;
  onTake: () => void;
}

const frames = 8;
/** Width of the head; as in the styles. */
const headPx = 60;
/** One frame of common film; the true rate is not known before the video plays. */
const frameSeconds = 1 / 25;

/** The whole video as a strip with a slider along it. Left to right in every language: it shows time, not text. */
export function FilmStrip({
  file,
  duration,
  seconds,
  isEditable,
  onSeek,
  onTake,
}: FilmStripProps): ReactNode {
  const { messages } = useWidget();
  const strip = useStripFrames(file, frames);
  const track = useRef<HTMLDivElement>(null);
  const go = (to: number) => {
    onSeek(Math.max(0, Math.min(duration, to)));
  };
  const onPointer = (event: PointerEvent) => {
    const isIdleMove =
      event.type === 'pointermove' && !event.currentTarget.hasPointerCapture(event.pointerId);
    if (!isEditable || !track.current || isIdleMove) return;
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = track.current.getBoundingClientRect();
    // The head stays inside the strip, so its middle reaches from half a head to half a head.
    go(((event.clientX - left - headPx / 2) / (width - headPx)) * duration);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditable) return;
    const to = positionAfter(event, seconds, duration);
    if (event.key !== 'Enter' && to === undefined) return;
    event.preventDefault();
    if (to === undefined) onTake();
    else go(to);
  };
  const nearest = nearestFrame(strip, seconds);

  return (
    <div className="vd-strip" dir="ltr">
      <div
        className="vd-strip-track"
        ref={track}
        role="slider"
        tabIndex={isEditable ? 0 : -1}
        aria-label={messages.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(duration)}
        aria-valuenow={Math.round(seconds)}
        aria-valuetext={messages.positionOf({ at: clockTime(seconds), of: clockTime(duration) })}
        aria-disabled={!isEditable || undefined}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onKeyDown={onKeyDown}
      >
        <StripPictures strip={strip} />
        <div
          className="vd-strip-head"
          style={{ '--vd-at': duration ? seconds / duration : 0 } as CSSProperties}
        >
          {nearest && <img src={nearest.url} alt="" draggable={false} />}
        </div>
      </div>
      <div className="vd-strip-times">
        <span>{clockTime(0)}</span>
        <span>{clockTime(duration)}</span>
      </div>
    </div>
  );
}

function StripPictures({ strip }: { strip: Strip }): ReactNode {
  return (
    <div className="vd-strip-pictures">
      {Array.from({ length: frames }, (_none, index) => {
        const frame = strip[index];
        return frame ? <img key={index} src={frame.url} alt="" draggable={false} /> : <span key={index} />;
      })}
    </div>
  );
}

/** Where a key moves the slider to; undefined for other keys. */
function positionAfter(
  { key, shiftKey }: KeyboardEvent,
  seconds: number,
  duration: number,
): number | undefined {
  const step = shiftKey ? 10 : 1;
  return {
    ArrowLeft: seconds - step,
    ArrowDown: seconds - step,
    ArrowRight: seconds + step,
    ArrowUp: seconds + step,
    ',': seconds - frameSeconds,
    '.': seconds + frameSeconds,
    Home: 0,
    End: duration,
  }[key];
}

function nearestFrame(strip: Strip, seconds: number): StripFrame | undefined {
  const distance = (frame: StripFrame) => Math.abs(frame.seconds - seconds);
  return strip.reduce(
    (best, frame) => (frame && (!best || distance(frame) < distance(best)) ? frame : best),
    undefined,
  );
}
