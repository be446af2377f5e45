import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { useWidget } from '../../context.js';
import { stripFrames, type StripFrame } from '../../files/cover-frame.js';
import { clock } from '../poster.js';

export interface FilmStripProps {
  file: File;
  duration: number;
  seconds: number;
  isEditable: boolean;
  onSeek: (seconds: number) => void;
  onTake: () => void;
}

const frames = 8;
/** As in the styles. */
const headPx = 60;
/** One frame of common film; nobody tells the true rate before the video plays. */
const frameSeconds = 1 / 25;

/** The whole video as a strip; a slider moves along it. Left to right in every language: it is time, not text. */
export function FilmStrip({
  file,
  duration,
  seconds,
  isEditable,
  onSeek,
  onTake,
}: FilmStripProps): ReactNode {
  const { messages } = useWidget();
  const [strip, setStrip] = useState<readonly (StripFrame | undefined)[]>([]);
  const track = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const stop = new AbortController();
    stripFrames(
      file,
      frames,
      (frame, index) => {
        setStrip((before) => {
          const next = [...before];
          next[index] = frame;
          return next;
        });
        // A strip without pictures is still a slider.
      },
      stop.signal,
    ).catch(() => undefined);
    return () => {
      stop.abort();
    };
  }, [file]);

  const go = (to: number) => {
    onSeek(Math.max(0, Math.min(duration, to)));
  };
  const onPointer = (event: PointerEvent) => {
    if (
      !isEditable ||
      !track.current ||
      (event.type === 'pointermove' && !event.currentTarget.hasPointerCapture(event.pointerId))
    )
      return;
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = track.current.getBoundingClientRect();
    // The head stays inside the strip, so its middle reaches from half a head to half a head.
    go(((event.clientX - left - headPx / 2) / (width - headPx)) * duration);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEditable) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      onTake();
      return;
    }
    const step = event.shiftKey ? 10 : 1;
    const to = {
      ArrowLeft: seconds - step,
      ArrowDown: seconds - step,
      ArrowRight: seconds + step,
      ArrowUp: seconds + step,
      ',': seconds - frameSeconds,
      '.': seconds + frameSeconds,
      Home: 0,
      End: duration,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  const nearest = strip.reduce<StripFrame | undefined>(
    (best, frame) =>
      frame && (!best || Math.abs(frame.seconds - seconds) < Math.abs(best.seconds - seconds)) ? frame : best,
    undefined,
  );

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
        aria-valuetext={messages.positionOf({ at: clock(seconds), of: clock(duration) })}
        aria-disabled={!isEditable || undefined}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onKeyDown={onKeyDown}
      >
        <div className="vd-strip-pictures">
          {Array.from({ length: frames }, (_none, index) => {
            const frame = strip[index];
            return frame ? (
              <img key={index} src={frame.url} alt="" draggable={false} />
            ) : (
              <span key={index} />
            );
          })}
        </div>
        <div
          className="vd-strip-head"
          style={{ '--vd-at': duration ? seconds / duration : 0 } as CSSProperties}
        >
          {nearest && <img src={nearest.url} alt="" draggable={false} />}
        </div>
      </div>
      <div className="vd-strip-times">
        <span>{clock(0)}</span>
        <span>{clock(duration)}</span>
      </div>
    </div>
  );
}
