import type { UploaderSnapshot, Uploader } from '../../engine/index.js';
import type { MediaSummary } from './copy-types.js';
import { copyMedia } from './media-client.js';
import type { ShrinkChoice, Speeds } from './shrink-plan.js';

/** Of the line, kept from one visit to the next: when films are dropped, nothing has been sent yet. */
const lineKey = 'vodrop-line-bytes-per-second';
/** Pixels of film that this device decodes, scales and encodes in a second. */
const deviceKey = 'vodrop-shrink-pixels-per-second';
/** Another network is likely after this. */
const lineAgeMs = 24 * 3600_000;
/** Other programs were busy, or the browser has become quicker: where shrinking is not worth it, nothing else corrects it. */
const deviceAgeMs = 7 * 24 * 3600_000;
/** So much of a film is shrunk to see how long it takes. */
const trialSeconds = 2;
/** The engine tells of a change that much later at most. */
const noticeMs = 100;

interface Kept {
  readonly value: number;
  readonly at: number;
}

function read(key: string, ageMs: number): number | undefined {
  try {
    const { value, at } = JSON.parse(localStorage.getItem(key) ?? '') as Kept;
    return value > 0 && Date.now() - at < ageMs ? value : undefined;
  } catch {
    // Nothing there, or storage is forbidden.
    return undefined;
  }
}

function write(key: string, value: number): void {
  try {
    localStorage.setItem(key, JSON.stringify({ value, at: Date.now() } satisfies Kept));
  } catch {
    // Full or forbidden: it is measured again.
  }
}

/** Keeps the speed of the line whenever the engine knows it; returns the way to stop. */
export function rememberLine(uploader: Uploader): () => void {
  let kept = 0;
  const quickest = quickestOf();
  return uploader.subscribe(() => {
    const snapshot = uploader.getSnapshot();
    const { bytesPerSecond } = snapshot;
    const atLeast = quickest(snapshot);
    if (bytesPerSecond === undefined) {
      const known = read(lineKey, lineAgeMs);
      if (known !== undefined && atLeast > known * 1.1) write(lineKey, atLeast);
      return;
    }
    if (Math.abs(bytesPerSecond - kept) < kept / 10) return;
    kept = bytesPerSecond;
    write(lineKey, bytesPerSecond);
  });
}

const isHidden = () => typeof document !== 'undefined' && document.hidden;

/**
 * Bytes per second of the quickest upload that has ended since the last call, from its first byte to the answer of the
 * store: the line is at least that fast. The engine measures nothing of small copies, which are sent in a moment: without
 * this, a line that was slow once would count as slow as long as only copies are sent on it.
 */
function quickestOf(): (snapshot: UploaderSnapshot) => number {
  const begun = new Map<string, { readonly at: number; readonly bytes: number }>();
  return ({ uploads }) => {
    let quickest = 0;
    for (const { id, status, sizeBytes, sentBytes, storedBytes = sentBytes, isResumed } of uploads) {
      const start = begun.get(id);
      if (status === 'uploading') {
        // Of what was stored before, nothing but a comparison may be sent. In a hidden page, beginnings are noticed late.
        if (!start && !isResumed && !isHidden())
          begun.set(id, { at: performance.now(), bytes: sizeBytes - storedBytes });
        continue;
      }
      if (!start) continue;
      begun.delete(id);
      if (status === 'confirming' || status === 'processing' || status === 'ready')
        quickest = Math.max(quickest, (start.bytes * 1000) / (performance.now() - start.at + noticeMs));
    }
    return quickest;
  };
}

const pixelsPerSecond = ({ width, height, frameRate }: MediaSummary) =>
  width * height * Math.max(1, frameRate);

/** What is known without measuring anything. */
export function knownSpeeds(uploader: Uploader, film: MediaSummary): Speeds {
  const device = read(deviceKey, deviceAgeMs);
  return {
    bytesPerSecond: uploader.getSnapshot().bytesPerSecond ?? read(lineKey, lineAgeMs),
    shrinkRate: device === undefined ? undefined : device / pixelsPerSecond(film),
  };
}

/** Keeps how fast a film was shrunk. */
export function rememberShrinking(film: MediaSummary, filmSeconds: number, tookMs: number): void {
  if (tookMs > 0) write(deviceKey, (pixelsPerSecond(film) * filmSeconds * 1000) / tookMs);
}

/** Shrinks the first seconds of a film, keeps nothing of it but how long that took. */
export async function measureShrinking(
  source: Blob,
  film: MediaSummary,
  { lines, bitsPerSecond }: ShrinkChoice,
  signal: AbortSignal,
): Promise<void> {
  const end = Math.min(trialSeconds, film.durationSeconds);
  const began = performance.now();
  await copyMedia(
    {
      source,
      target: undefined,
      container: '.mp4',
      cut: { start: 0, end },
      encode: { lines, bitsPerSecond },
    },
    { signal },
  );
  rememberShrinking(film, end, performance.now() - began);
}
