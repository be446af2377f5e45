import { useLayoutEffect, useRef, type ReactNode } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { useThrottled } from '../hooks/use-throttled.js';
import { useUploader } from '../hooks/use-uploader.js';

/** `up`: bytes move. `calm`: checking. `paused`: nothing moves. `busy`: no measure. `bad`: failed. `rest`: a hairline. */
export type LineTone = 'up' | 'calm' | 'paused' | 'busy' | 'bad' | 'rest';

export interface ProgressLineProps {
  tone: LineTone;
  /** From 0 to 1. */
  ratioOf: (snapshot: UploaderSnapshot) => number;
  label: string;
  percent: number;
  valueText: string;
}

const paintEveryMs = 250;
const speakEveryMs = 5000;

/**
 * The hairline that is the progress. Its length is written straight to the element four times a second, so that moving
 * bytes render nothing; React keeps the rest.
 */
export function ProgressLine({ tone, ratioOf, label, percent, valueText }: ProgressLineProps): ReactNode {
  const uploader = useUploader();
  const bar = useRef<HTMLSpanElement>(null);
  const spokenText = useThrottled(valueText, speakEveryMs);

  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      timer = undefined;
      bar.current?.style.setProperty(
        '--vd-ratio',
        String(Math.round(ratioOf(uploader.getSnapshot()) * 10_000) / 10_000),
      );
    };
    paint();
    const stop = uploader.subscribe(() => {
      timer ??= setTimeout(paint, paintEveryMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [uploader, ratioOf, tone]);

  if (tone === 'rest') return <span className="vd-line" data-tone="rest" aria-hidden="true" />;
  return (
    <span
      className="vd-line"
      data-tone={tone}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={tone === 'busy' ? undefined : percent}
      aria-valuetext={spokenText}
    >
      <span className="vd-line-bar" ref={bar} />
    </span>
  );
}
