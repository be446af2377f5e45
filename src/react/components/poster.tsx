import { useState, type ReactNode } from 'react';
import { extensionOf } from '../format/index.js';
import { usePoster } from '../hooks/use-poster.js';

export interface PosterProps {
  name: string;
  file?: File | undefined;
  /** The cover the person chose; shown before anything else. */
  coverFile?: File | undefined;
  coverUrl?: string | undefined;
  durationSeconds?: number | undefined;
  /** A convenience for pointers; the same has to be reached by a button. */
  onClick?: () => void;
}

/** A picture of the video; until there is one, its extension in a well. */
export function Poster({
  name,
  file,
  coverFile,
  coverUrl,
  durationSeconds,
  onClick,
}: PosterProps): ReactNode {
  const frame = usePoster(file);
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const url = [urlOf(coverFile), coverUrl, frame?.url].find(
    (candidate) => candidate !== undefined && candidate !== brokenUrl,
  );
  const seconds = durationSeconds ?? frame?.durationSeconds;
  return (
    <div
      className="vd-poster"
      aria-hidden="true"
      data-clickable={onClick !== undefined || undefined}
      onClick={onClick}
    >
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
      {url !== undefined && seconds !== undefined && seconds >= 0.5 && (
        <span className="vd-poster-time">{clock(seconds)}</span>
      )}
    </div>
  );
}

const urls = new WeakMap<File, string>();

/** One address for a file, ever: pictures are small, and rows come and go. */
export function urlOf(file: File | undefined): string | undefined {
  if (!file) return undefined;
  let url = urls.get(file);
  if (url === undefined) urls.set(file, (url = URL.createObjectURL(file)));
  return url;
}

/** As players write it: `3:31`, `1:12:40`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
