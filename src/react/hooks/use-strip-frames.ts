import { useEffect, useState } from 'react';
import { stripFrames, type StripFrame } from '../files/cover-frame.js';

/** Undefined where a frame is not taken yet. */
export type Strip = readonly (StripFrame | undefined)[];

/**
 * Of `count` frames spread over the video, those taken so far. A strip without pictures works all the same. Without
 * `durationSeconds` the length is what the player says.
 */
export function useStripFrames(file: File, count: number, durationSeconds?: number): Strip {
  const [strip, setStrip] = useState<Strip>([]);
  useEffect(() => {
    const stop = new AbortController();
    const show = (frame: StripFrame, index: number) => {
      setStrip((before) => {
        const next = [...before];
        next[index] = frame;
        return next;
      });
    };
    stripFrames(file, { count, durationSeconds }, show, stop.signal).catch(() => undefined);
    return () => {
      stop.abort();
    };
  }, [file, count, durationSeconds]);
  return strip;
}
