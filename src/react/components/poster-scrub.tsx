import { useEffect, useState, type CSSProperties, type ReactNode } from 'react';
import { stripFrames, type StripFrame } from '../files/cover-frame.js';
import { clockTime } from '../format/index.js';

export interface PosterScrubProps {
  file: File;
  durationSeconds: number;
  /** Where the pointer is, from 0 to 1 of the width. Left to right in every language: it is time, not text. */
  at: number;
}

const frames = 10;

/** Whole strips: what was decoded once is not decoded again. */
const strips = new WeakMap<File, readonly StripFrame[]>();

/** Shows the film below the pointer. It is gone with the pointer, and the decoding with it, so there is one at a time. */
export function PosterScrub({ file, durationSeconds, at }: PosterScrubProps): ReactNode {
  const [strip, setStrip] = useState<readonly (StripFrame | undefined)[]>(() => strips.get(file) ?? []);
  useEffect(() => {
    if (strips.has(file)) return;
    const stop = new AbortController();
    const taken: StripFrame[] = [];
    stripFrames(
      file,
      { count: frames },
      (frame, index) => {
        taken[index] = frame;
        setStrip([...taken]);
      },
      stop.signal,
    ).then(
      () => {
        if (taken.length === frames) strips.set(file, taken);
      },
      // The poster stays.
      () => undefined,
    );
    return () => {
      stop.abort();
    };
  }, [file]);
  const index = Math.min(frames - 1, Math.floor(at * frames));
  // Until its own is there, the last one before it.
  const frame = strip.slice(0, index + 1).findLast((one) => one !== undefined);
  return (
    <span className="vd-scrub" dir="ltr">
      {frame && <img src={frame.url} alt="" draggable={false} />}
      <span className="vd-scrub-line" style={{ '--vd-at': at } as CSSProperties} />
      <span className="vd-poster-time">{clockTime(at * durationSeconds)}</span>
    </span>
  );
}
