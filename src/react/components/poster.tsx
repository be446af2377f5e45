import { useState, type ReactNode } from 'react';
import { extensionOf } from '../format/index.js';
import { usePoster } from '../hooks/use-poster.js';

export interface PosterProps {
  name: string;
  file?: File | undefined;
  coverUrl?: string | undefined;
  durationSeconds?: number | undefined;
}

/** A picture of the video; until there is one, its extension in a well. */
export function Poster({ name, file, coverUrl, durationSeconds }: PosterProps): ReactNode {
  const frame = usePoster(file);
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const url = [coverUrl, frame?.url].find((candidate) => candidate !== undefined && candidate !== brokenUrl);
  const seconds = durationSeconds ?? frame?.durationSeconds;
  return (
    <div className="vd-poster" aria-hidden="true">
      {url !== undefined
        ? <img src={url} alt="" draggable={false} onError={() => { setBrokenUrl(url); }} />
        : <span className="vd-poster-type">{extensionOf(name).slice(1).toUpperCase().slice(0, 5)}</span>}
      {url !== undefined && seconds !== undefined && seconds >= 0.5 && <span className="vd-poster-time">{clock(seconds)}</span>}
    </div>
  );
}

/** As players write it: `3:31`, `1:12:40`. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
