import { useEffect, useRef, type ReactNode } from 'react';

const steps = Array.from({ length: 18 }, (_, index) => index);
/** The last ones mean: too loud. */
const hotFrom = 16;
const everyMs = 80;
/** Quiet speech is about -50 dB. */
const floorDb = -60;

/** How loud the microphone is. Written to the elements outside of React: it changes many times a second. */
export function LevelMeter({ track, label }: { track: MediaStreamTrack; label: string }): ReactNode {
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (typeof AudioContext === 'undefined') return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      show(meter.current, levelOf(samples));
    }, everyMs);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [track]);
  return (
    <span
      ref={meter}
      className="vd-meter"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={steps.length}
      aria-valuenow={0}
    >
      {steps.map((step) => (
        <i key={step} data-hot={step >= hotFrom || undefined} />
      ))}
    </span>
  );
}

function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const db = 10 * Math.log10(power || 1e-12);
  return Math.round(Math.max(0, Math.min(1, 1 - db / floorDb)) * steps.length);
}

function show(meter: HTMLElement | null, level: number): void {
  if (!meter) return;
  meter.setAttribute('aria-valuenow', String(level));
  Array.from(meter.children).forEach((step, index) => {
    step.toggleAttribute('data-on', index < level);
  });
}
