import type { RecordingFolder } from './recording-files.js';
import { within } from '../stores/within.js';

export interface FinishedRecording {
  readonly file: Blob;
  readonly durationSeconds: number;
  /** With its dot. */
  readonly extension: string;
}

export interface FinishOptions {
  readonly folder: RecordingFolder | undefined;
  readonly read: () => Promise<Blob>;
  readonly elapsedMs: number;
  /** True if `folder` holds all of it. */
  readonly isOnDisk: boolean;
}

/** The code that does it must not keep the recording from being used. */
const loadMs = 15_000;
const load = () => import('./remux.js');

/**
 * Makes what was recorded one file that says its length and can be sought. Where that fails, the recording as it is: it
 * can be played and uploaded all the same.
 */
export async function finishRecording({
  folder,
  read,
  elapsedMs,
  isOnDisk,
}: FinishOptions): Promise<FinishedRecording> {
  const raw = await read();
  const extension = raw.type === 'video/mp4' ? '.mp4' : '.webm';
  const seconds = elapsedMs / 1000;
  const { fileName, durationSeconds } = folder?.info ?? {};
  if (fileName !== undefined) return { file: raw, durationSeconds: durationSeconds ?? seconds, extension };
  const kept = isOnDisk ? folder : undefined;
  const name = `recording${extension}`;
  try {
    const { remux } = await within(loadMs, load());
    const made = await remux(raw, await kept?.createWhole(name));
    await kept?.keepWhole(name, made.durationSeconds);
    return {
      file: made.blob ?? (await kept?.read()) ?? raw,
      durationSeconds: made.durationSeconds,
      extension,
    };
  } catch {
    return { file: await rawFile(kept, name, raw, seconds), durationSeconds: seconds, extension };
  }
}

/** In one file if there is space for it, so that it opens again after a reload. */
async function rawFile(
  folder: RecordingFolder | undefined,
  name: string,
  raw: Blob,
  seconds: number,
): Promise<Blob> {
  try {
    const writable = await (await folder?.createWhole(name))?.createWritable();
    if (!folder || !writable) return raw;
    await raw.stream().pipeTo(writable);
    await folder.keepWhole(name, seconds);
    return await folder.read();
  } catch {
    return raw;
  }
}
