import { spawnSync } from 'node:child_process';
import { film } from './media.js';

/** Films as cameras make them, with sound, for cutting and encoding. */
interface FilmRecipe {
  readonly seconds: number;
  readonly size: string;
  readonly rate?: number;
  readonly video: readonly string[];
  readonly audio?: readonly string[] | undefined;
  readonly filter?: string;
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '2'];
const aac = ['-c:a', 'aac', '-b:a', '96k'];
const opus = ['-c:a', 'libopus', '-b:a', '64k'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '600k'];
const av1 = ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '50'];

const noisy = { seconds: 4, size: '640x360', filter: 'noise=alls=40:allf=t+u' };

export const films = {
  /** 12 s of H.264 with B frames and AAC, a key frame each second. */
  h264: () =>
    make('trim-h264.mp4', { seconds: 12, size: '640x360', video: [...h264, '-g', '25'], audio: aac }),
  /** VP9 and Opus, a key frame each second. */
  vp9: () => make('trim-vp9.webm', { seconds: 8, size: '640x360', video: [...vp9, '-g', '25'], audio: opus }),
  /** AV1 and Opus in MP4, a key frame each second. */
  av1: () => make('trim-av1.mp4', { seconds: 8, size: '640x360', video: [...av1, '-g', '25'], audio: opus }),
  /** From a phone held upright: the picture lies on its side, and the header says so. */
  rotated: () =>
    rotate(make('trim-flat.mp4', { seconds: 6, size: '640x360', video: [...h264, '-g', '25'], audio: aac })),
  /** Every third frame is missing in the second half. */
  variable: () =>
    make('trim-variable.mp4', {
      seconds: 8,
      size: '640x360',
      filter: "select='lt(t,4)+mod(n,3)'",
      video: [...h264, '-g', '25', '-vsync', 'vfr'],
      audio: aac,
    }),
  /** Small in seconds and large in bytes. */
  heavy: () =>
    make('trim-heavy.mp4', {
      seconds: 4,
      size: '1280x720',
      filter: 'noise=alls=40:allf=t+u',
      video: [...h264, '-g', '25', '-b:v', '30M', '-maxrate', '30M', '-bufsize', '30M'],
      audio: aac,
    }),
  /** The same as `heavy` in the codecs of the web, and of variable frame rate. */
  heavyVp9: () =>
    make('shrink-vp9.webm', {
      ...noisy,
      video: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '6M', '-g', '25'],
      audio: opus,
    }),
  heavyAv1: () =>
    make('shrink-av1.mp4', { ...noisy, video: [...av1.slice(0, 4), '-crf', '25', '-g', '25'], audio: opus }),
  heavyVariable: () =>
    make('shrink-variable.mp4', {
      ...noisy,
      filter: "noise=alls=40:allf=t+u,select='lt(t,2)+mod(n,3)'",
      video: [...h264, '-vsync', 'vfr'],
      audio: aac,
    }),
  /** Debian's Chromium does not decode it. */
  hevc: () =>
    make('shrink-hevc.mp4', {
      ...noisy,
      video: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-tag:v', 'hvc1'],
      audio: aac,
    }),
  /** Takes some seconds to encode, wherever. */
  long: () =>
    make('shrink-long.mp4', {
      seconds: 40,
      size: '1280x720',
      filter: 'noise=alls=20:allf=t+u',
      video: [...h264, '-g', '50', '-b:v', '8M'],
      audio: aac,
    }),
};

function make(name: string, { seconds, size, rate = 25, video, audio, filter }: FilmRecipe): string {
  return film(name, [
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
    ...(audio ? ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`] : []),
    ...(filter === undefined ? [] : ['-vf', filter]),
    ...video,
    ...(audio ?? []),
  ]);
}

function rotate(flat: string): string {
  return film('trim-rotated.mp4', ['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90']);
}

/** What ffprobe says of a film. */
export interface Probed {
  readonly seconds: number;
  /** `video h264`, `audio aac`, in this order. */
  readonly tracks: readonly string[];
  /** As it is shown. */
  readonly width: number;
  readonly height: number;
  /** Decodes all of it: what ffmpeg complains about. */
  readonly complaints: string;
}

interface ProbedStream {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
  side_data_list?: { rotation?: number }[];
}

export function probe(file: string): Probed {
  const { stdout } = run('ffprobe', ['-show_streams', '-show_format', '-of', 'json', file]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: ProbedStream[];
    format: { duration: string };
  };
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const turned =
    Math.abs(video?.side_data_list?.find(({ rotation }) => rotation)?.rotation ?? 0) % 180 === 90;
  const [width = 0, height = 0] = turned ? [video?.height, video?.width] : [video?.width, video?.height];
  return {
    seconds: Number(format.duration),
    tracks: streams
      .map(({ codec_type, codec_name }) => `${codec_type} ${codec_name}`)
      .sort()
      .reverse(),
    width,
    height,
    complaints: run('ffmpeg', ['-i', file, '-f', 'null', '-']).stderr,
  };
}

function run(program: string, args: readonly string[]): { stdout: string; stderr: string } {
  return spawnSync(program, ['-v', 'error', ...args], { encoding: 'utf8' });
}
