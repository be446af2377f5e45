import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';

const directory = path.join(import.meta.dirname, '..', '..', '.media');

/** Real videos, generated once by ffmpeg: noise does not compress, so a few seconds produce megabytes. */
export const videos = {
  /** About 3 MB: sent in one PUT. */
  small: () => make('small.mp4', { seconds: 2, size: '640x360', quantizer: 34 }),
  /** About 35 MB: sent in parts, of which the store with the largest minimum gets more than there are connections. */
  large: () => make('large.mp4', { seconds: 1.5, size: '1280x720', quantizer: 14 }),
  /** The same size in bytes as `large`, with different content. */
  largeTwin: () => make('large-twin.mp4', { seconds: 1.5, size: '1280x720', quantizer: 14, seed: 7 }),
};

/** Videos that state no length: what browsers record, and what is written while it is streamed. */
export const withoutLength = {
  webm: () => stream('no-length.webm', ['-c:v', 'libvpx', '-b:v', '1M', '-f', 'webm']),
  'fragmented MP4': () =>
    stream('no-length.mp4', [
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-movflags',
      'frag_keyframe+empty_moov',
      '-f',
      'mp4',
    ]),
};

/** Many different videos of about 60 kB: copies of one, each with a `free` box at the end that contains its number. */
export function shortVideos(count: number): string[] {
  const bytes = readFileSync(make('short.mp4', { seconds: 0.2, size: '320x180', quantizer: 34 }));
  return Array.from({ length: count }, (_, index) => {
    const file = path.join(directory, `short-${index}.mp4`);
    if (existsSync(file)) return file;
    const box = Buffer.alloc(12);
    box.writeUInt32BE(12, 0);
    box.write('free', 4);
    box.writeUInt32BE(index, 8);
    const partial = path.join(directory, `partial-${process.pid}-short-${index}`);
    writeFileSync(partial, Buffer.concat([bytes, box]));
    return place(partial, file);
  });
}

interface Recipe {
  seconds: number;
  size: string;
  quantizer: number;
  seed?: number;
}

function make(name: string, { seconds, size, quantizer, seed = 1 }: Recipe): string {
  return film(name, [
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=${size}:rate=25:duration=${seconds}`,
    '-vf',
    `noise=all_seed=${seed}:alls=60:allf=t+u`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-qp',
    String(quantizer),
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
  ]);
}

/** Written to a pipe, in which ffmpeg cannot go back to fill in the length. */
function stream(name: string, format: readonly string[]): string {
  const file = path.join(directory, name);
  if (existsSync(file)) return file;
  const source = 'testsrc2=size=640x360:rate=25:duration=4';
  const { status, stdout, stderr } = runFfmpeg(['-f', 'lavfi', '-i', source, ...format, 'pipe:1']);
  if (status !== 0) throw new Error(`ffmpeg could not create ${name}: ${stderr.toString()}`);
  const partial = path.join(directory, `partial-${process.pid}-${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(partial, stdout);
  return place(partial, file);
}

/** A cover picture for a video. */
export function coverPicture(): string {
  return film('cover.jpg', [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=640x360:duration=1',
    '-frames:v',
    '1',
    '-q:v',
    '3',
  ]);
}

export function film(name: string, recipe: readonly string[]): string {
  const file = path.join(directory, name);
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  const partial = path.join(directory, `partial-${process.pid}-${name}`);
  const result = runFfmpeg([...recipe, partial]);
  if (result.status !== 0)
    throw new Error(`ffmpeg could not create ${name}: ${result.error?.message ?? result.stderr.toString()}`);
  return place(partial, file);
}

function runFfmpeg(options: readonly string[]) {
  return spawnSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...options], {
    maxBuffer: 100_000_000,
  });
}

/** Creates the file atomically and never replaces it: other workers may create or send it at the same time. */
function place(partial: string, file: string): string {
  try {
    linkSync(partial, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  rmSync(partial);
  return file;
}

export function md5Of(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

/** The length that a `<video>` says, in seconds, once it has read its headers. */
export function lengthOf(video: Locator): Promise<number> {
  return video.evaluate(
    (element: HTMLVideoElement) =>
      new Promise<number>((resolve) => {
        if (element.readyState > 0) resolve(element.duration);
        else element.onloadedmetadata = () => resolve(element.duration);
      }),
  );
}
