import { useLayoutEffect, useRef, type HTMLAttributes, type ReactNode, type RefObject } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { useThrottled } from '../hooks/use-throttled.js';
import { useUploader } from '../hooks/use-uploader.js';

/**
 * `up`: bytes move. `calm`: checking. `paused`: nothing moves. `busy`: no measure. `bad`: failed. `done`: all ready.
 * `rest`: a hairline.
 */
export type LineTone = 'up' | 'calm' | 'paused' | 'busy' | 'bad' | 'done' | 'rest';

/** From 0 to 1: what is stored is drawn solid, and never moves back; what is only sent is drawn lighter. */
export interface LineRatios {
  readonly stored: number;
  readonly sent: number;
}

export interface ProgressLineProps {
  tone: LineTone;
  ratioOf: (snapshot: UploaderSnapshot) => LineRatios;
  label: string;
  percent: number;
  valueText: string;
}

const paintEveryMs = 250;
const speakEveryMs = 5000;

/**
 * Percent and words of the progress are spoken every few seconds; how far it is is written straight to the element four
 * times a second, so that moving bytes render nothing. React keeps the rest.
 */
export function usePaintedProgress({ tone, ratioOf, label, percent, valueText }: ProgressLineProps): {
  ref: RefObject<HTMLSpanElement | null>;
} & HTMLAttributes<HTMLSpanElement> {
  const uploader = useUploader();
  const ref = useRef<HTMLSpanElement>(null);
  // Percent and words together: they must not disagree.
  const [spokenPercent = '', spokenText] = useThrottled(`${percent}\n${valueText}`, speakEveryMs).split('\n');

  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      timer = undefined;
      const { stored, sent } = ratioOf(uploader.getSnapshot());
      ref.current?.style.setProperty('--vd-ratio', rounded(stored));
      ref.current?.style.setProperty('--vd-sent', rounded(sent));
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

  return {
    ref,
    role: 'progressbar',
    'aria-label': label,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    'aria-valuenow': tone === 'busy' ? undefined : Number(spokenPercent),
    'aria-valuetext': spokenText,
  };
}

/** The hairline that is the progress. */
export function ProgressLine(props: ProgressLineProps): ReactNode {
  const { tone } = props;
  const progress = usePaintedProgress(props);
  if (tone === 'rest' || tone === 'done')
    return (
      <span className="vd-line" data-tone={tone} aria-hidden="true">
        {tone === 'done' && <span className="vd-line-bar" />}
      </span>
    );
  return (
    <span className="vd-line" data-tone={tone} {...progress}>
      {tone === 'up' && <span className="vd-line-way" />}
      <span className="vd-line-bar" />
    </span>
  );
}

const rounded = (ratio: number) => String(Math.round(ratio * 10_000) / 10_000);
