import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useStripFrames } from '../hooks/use-strip-frames.js';
import { preciseTime, type Cut } from './cut-points.js';
import type { TrimWords } from '../messages/en-on-demand.js';

export interface TrimStripProps {
  file: File;
  durationSeconds: number;
  frameSeconds: number;
  keySeconds: readonly number[];
  cut: Cut;
  playheadSeconds: number;
  words: TrimWords;
  isDisabled: boolean;
  /** `step`: by a key. */
  onMove: (point: keyof Cut, seconds: number, how: 'to' | 'step') => void;
  onSeek: (seconds: number) => void;
}

const frameCount = 10;
/** Closer ticks than this many are a gray line. */
const mostTicks = 60;

/** The whole film, with a handle at each end of what stays. Left to right in every language: it shows time, not text. */
export function TrimStrip(props: TrimStripProps): ReactNode {
  const { file, durationSeconds, cut, playheadSeconds, keySeconds, isDisabled, onSeek } = props;
  const strip = useRef<HTMLDivElement>(null);
  const secondsAt = (clientX: number) => {
    const { left = 0, width = 1 } = strip.current?.getBoundingClientRect() ?? {};
    return Math.max(0, Math.min(1, (clientX - left) / width)) * durationSeconds;
  };
  const at = (seconds: number) => `${(seconds / durationSeconds) * 100}%`;
  const ticks = keySeconds.length <= mostTicks ? keySeconds : [];
  return (
    <div className="vd-trim-strip" dir="ltr">
      <div
        className="vd-trim-film"
        ref={strip}
        onPointerDown={(event) => {
          if (isDisabled) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          onSeek(secondsAt(event.clientX));
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) onSeek(secondsAt(event.clientX));
        }}
      >
        <FilmPictures file={file} durationSeconds={durationSeconds} />
        <span className="vd-trim-out" style={{ insetInlineStart: 0, inlineSize: at(cut.start) }} />
        <span className="vd-trim-out" style={{ insetInlineStart: at(cut.end), insetInlineEnd: 0 }} />
        <span
          className="vd-trim-kept"
          style={{ insetInlineStart: at(cut.start), inlineSize: at(cut.end - cut.start) }}
        />
        <span className="vd-trim-head" style={{ insetInlineStart: at(playheadSeconds) }} />
        <Handle point="start" {...props} secondsAt={secondsAt} place={at(cut.start)} />
        <Handle point="end" {...props} secondsAt={secondsAt} place={at(cut.end)} />
      </div>
      <div className="vd-trim-ticks" aria-hidden="true">
        {ticks.map((seconds) => (
          <span key={seconds} style={{ insetInlineStart: at(seconds) }} />
        ))}
      </div>
    </div>
  );
}

interface HandleProps extends TrimStripProps {
  point: keyof Cut;
  place: string;
  secondsAt: (clientX: number) => number;
}

function Handle({ point, place, secondsAt, ...props }: HandleProps): ReactNode {
  const { messages } = useWidget();
  const { cut, durationSeconds, frameSeconds, words, isDisabled, onMove } = props;
  const now = cut[point];
  const onPointer = (event: PointerEvent) => {
    event.stopPropagation();
    if (isDisabled) return;
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    if (event.type === 'pointermove') onMove(point, secondsAt(event.clientX), 'to');
  };
  return (
    <span
      className="vd-trim-handle"
      data-point={point}
      role="slider"
      tabIndex={isDisabled ? -1 : 0}
      style={{ '--vd-at': place } as CSSProperties}
      aria-label={words[point]}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationSeconds * 100) / 100}
      aria-valuenow={Math.round(now * 100) / 100}
      aria-valuetext={messages.positionOf({ at: preciseTime(now), of: preciseTime(durationSeconds) })}
      aria-disabled={isDisabled || undefined}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={(event) => {
        const to = isDisabled ? undefined : placeAfter(event, now, { durationSeconds, frameSeconds });
        if (to === undefined) return;
        event.preventDefault();
        onMove(point, to, 'step');
      }}
    />
  );
}

/** Where a key moves a handle to; undefined for other keys. */
function placeAfter(
  { key, shiftKey }: KeyboardEvent,
  now: number,
  { durationSeconds, frameSeconds }: { durationSeconds: number; frameSeconds: number },
): number | undefined {
  const step = shiftKey ? 10 : 1;
  return {
    ArrowLeft: now - step,
    ArrowDown: now - step,
    ArrowRight: now + step,
    ArrowUp: now + step,
    PageDown: now - 10,
    PageUp: now + 10,
    ',': now - frameSeconds,
    '.': now + frameSeconds,
    Home: 0,
    End: durationSeconds,
  }[key];
}

function FilmPictures({
  file,
  durationSeconds,
}: Pick<TrimStripProps, 'file' | 'durationSeconds'>): ReactNode {
  const frames = useStripFrames(file, frameCount, durationSeconds);
  return (
    <div className="vd-strip-pictures">
      {Array.from({ length: frameCount }, (_none, index) => {
        const frame = frames[index];
        return frame ? <img key={index} src={frame.url} alt="" draggable={false} /> : <span key={index} />;
      })}
    </div>
  );
}
