import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
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
const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast'];
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
    rotate(
      make('trim-flat.mp4', { seconds: 6, size: '640x360', video: [...h264, '-g', '25'], audio: aac }),
      90,
    ),
  /** The same, held the other way round. */
  rotatedBack: () => rotate(films.rotated(), 270),
  /** The same streams in the other containers that hold them. */
  vp9InMp4: () => copied('trim-vp9.mp4', films.vp9()),
  av1InWebm: () => copied('trim-av1.webm', films.av1()),
  /** HEVC as iPhones write it, a key frame each second; many browsers do not decode it. */
  hevcKeys: () =>
    make('trim-hevc.mp4', {
      seconds: 6,
      size: '640x360',
      video: [...hevc, '-x265-params', 'log-level=error:keyint=25', '-tag:v', 'hvc1'],
      audio: aac,
    }),
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
  /** A transparent film: mediabunny would merge its frames with those of their alpha. */
  alpha: () =>
    make('shrink-alpha.webm', {
      ...noisy,
      filter: 'noise=alls=40:allf=t+u,format=yuva420p',
      video: [...vp9.slice(0, 6), '-b:v', '6M', '-g', '25', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0'],
      audio: opus,
    }),
  heavyAv1: () =>
    make('shrink-av1.mp4', { ...noisy, video: [...av1.slice(0, 4), '-crf', '25', '-g', '25'], audio: opus }),
  heavyVp9InMp4: () => copied('shrink-vp9.mp4', films.heavyVp9()),
  heavyAv1InWebm: () => copied('shrink-av1.webm', films.heavyAv1()),
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
      video: [...hevc, '-x265-params', 'log-level=error', '-tag:v', 'hvc1'],
      audio: aac,
    }),
  /** Its pixels are wider than they are high, and of an odd number: 853 × 360 as it is shown. */
  wide: () =>
    make('trim-wide.mp4', {
      seconds: 4,
      size: '640x360',
      filter: 'setsar=4/3',
      video: [...h264, '-g', '25'],
      audio: aac,
    }),
  /** Ten bits and the colors of HDR. */
  hdr: () =>
    make('shrink-hdr.mp4', {
      ...noisy,
      video: [
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', '-colorspace', 'bt2020nc'],
        ...['-color_primaries', 'bt2020', '-color_trc', 'arib-std-b67'],
      ],
      audio: aac,
    }),
  /** 8 s that are 2 MB: to be repeated. */
  noisy: () =>
    make('shrink-noisy.mp4', {
      ...noisy,
      seconds: 8,
      video: [...h264, '-g', '50', '-b:v', '2M', '-maxrate', '2M', '-bufsize', '2M'],
      audio: aac,
    }),
  /** Without sound, a key frame each second. */
  silentKeys: () => make('trim-silent.mp4', { ...noisy, seconds: 6, video: [...h264, '-g', '25'] }),
  /** Without sound. */
  silent: () => make('shrink-silent.mp4', { ...noisy, video: h264 }),
  /** Cut without encoding between two key frames: an edit list hides what comes before zero. */
  hidden: () => film('shrink-hidden.mp4', ['-ss', '1.3', '-i', films.heavy(), '-c', 'copy']),
  /** The picture begins 0.7 s after the sound. */
  late: () =>
    film('shrink-late.mp4', [
      ...['-itsoffset', '0.7', '-i', films.heavy(), '-i', films.heavy()],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
    ]),
  /** Its time stamps begin so late: a part of a longer recording, or the clock of a camera. */
  offset: (seconds: number, extension: 'mp4' | 'mkv') =>
    film(`trim-offset-${seconds}.${extension}`, [
      ...['-i', films.heavy(), '-c', 'copy', '-output_ts_offset', String(seconds)],
    ]),
  /** The sound begins 0.7 s after the picture. */
  lateSound: () =>
    film('shrink-late-sound.mp4', [
      ...['-i', films.heavy(), '-itsoffset', '0.7', '-i', films.heavy()],
      ...['-map', '0:v', '-map', '1:a', '-c', 'copy'],
    ]),
  /** A second sound track, in another language. */
  twoSounds: () =>
    film('shrink-two-sounds.mp4', [
      ...['-i', films.heavy(), '-f', 'lavfi', '-i', 'sine=frequency=880:duration=4'],
      ...['-map', '0:v', '-map', '0:a', '-map', '1:a', '-c', 'copy', '-c:a:1', 'aac'],
      ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu'],
    ]),
  /** As cameras write it: QuickTime with sound that is not compressed. */
  pcm: () => film('shrink-pcm.mov', ['-i', films.heavy(), '-c:v', 'copy', '-c:a', 'pcm_s16le']),
  /** Surround sound. */
  surround: () =>
    make('shrink-surround.mp4', { ...noisy, video: h264, audio: [...aac, '-ac', '6', '-ar', '48000'] }),
  /** The index is there, but the download of the film was cut off. */
  cutOff: () => {
    const whole = film('shrink-index-first.mp4', [
      '-i',
      films.heavy(),
      '-c',
      'copy',
      '-movflags',
      '+faststart',
    ]);
    const file = whole.replace('index-first', 'cut-off');
    writeFileSync(file, readFileSync(whole).subarray(0, statSync(whole).size * 0.6));
    return file;
  },
  /** 4 s that are 159 MB, each picture for itself: to be repeated to a film of gigabytes. */
  bulky: () =>
    make('shrink-bulky.mp4', {
      seconds: 4,
      size: '1280x720',
      filter: 'noise=alls=100:allf=t+u',
      video: [...h264.slice(0, 6), '-g', '1', '-qp', '8'],
      audio: aac,
    }),
  /** 10 s as phones record: with the noise of a sensor, a key frame each second. */
  phone: (size: '1920x1080' | '3840x2160', megabitsPerSecond: number) =>
    make(`shrink-phone-${size}.mp4`, {
      ...{ seconds: 10, size, rate: 30, filter: 'noise=alls=10:allf=t' },
      video: [
        ...[...h264.slice(0, 6), '-g', '30', '-b:v', `${megabitsPerSecond}M`],
        ...['-maxrate', `${megabitsPerSecond}M`, '-bufsize', `${megabitsPerSecond}M`],
      ],
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

/** The film again and again, without encoding it, until it is about so large; the test removes it. */
export function repeated(once: string, sizeBytes: number, file: string): string {
  const times = Math.ceil(sizeBytes / statSync(once).size);
  const { stderr } = run('ffmpeg', ['-stream_loop', String(times - 1), '-i', once, '-c', 'copy', '-y', file]);
  if (statSync(file).size < sizeBytes / 2) throw new Error(stderr);
  return file;
}

/** By so many degrees, as its header says. */
function rotate(flat: string, degrees: 90 | 270): string {
  const name = degrees === 90 ? 'trim-rotated.mp4' : `trim-rotated-${degrees}.mp4`;
  return film(name, ['-i', flat, '-c', 'copy', '-metadata:s:v', `rotate=${degrees}`]);
}

function copied(name: string, original: string): string {
  return film(name, ['-i', original, '-c', 'copy']);
}

/** Only its picture, as a stream of access units, each after a delimiter; the test removes it. */
export function accessUnits(once: string, file: string): string {
  const filters = 'h264_mp4toannexb,h264_metadata=aud=insert';
  run('ffmpeg', ['-i', once, '-map', '0:v', '-c', 'copy', '-bsf:v', filters, '-f', 'h264', '-y', file]);
  return file;
}

/** What ffprobe says of a film. */
export interface Probed {
  readonly seconds: number;
  /** The first time stamp, which ffprobe counts as length in MP4 and Matroska. */
  readonly begins: number;
  /** `video h264`, `audio aac`, in this order. */
  readonly tracks: readonly string[];
  /** As it is shown. */
  readonly width: number;
  readonly height: number;
  /** Degrees by which players turn the picture. */
  readonly rotation: number;
  /** Of the sound tracks, `eng`; empty where none is said. */
  readonly languages: readonly string[];
  /** Whether it says that its picture is transparent. */
  readonly hasAlpha: boolean;
  /** How many pictures there are. */
  readonly pictures: number;
  /** Channels and sample rate, `1 at 44100`; undefined without sound. */
  readonly sound: string | undefined;
  /** What brightness the values of the picture mean, as `bt709`; undefined where it is not said. */
  readonly transfer: string | undefined;
  /** Seconds at which the picture begins after the sound. */
  readonly pictureLate: number;
  /** Decodes all of it: what ffmpeg complains about. */
  readonly complaints: string;
}

interface ProbedStream {
  codec_type: string;
  codec_name: string;
  width?: number;
  height?: number;
  channels?: number;
  sample_rate?: string;
  color_transfer?: string;
  start_time?: string;
  nb_read_packets?: string;
  tags?: { language?: string; alpha_mode?: string };
  side_data_list?: { rotation?: number }[];
}

export function probe(file: string): Probed {
  const { stdout } = run('ffprobe', ['-show_streams', '-count_packets', '-show_format', '-of', 'json', file]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: ProbedStream[];
    format: { duration: string; start_time: string };
  };
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  const rotation = video?.side_data_list?.find((one) => one.rotation)?.rotation ?? 0;
  const turned = Math.abs(rotation) % 180 === 90;
  const [width = 0, height = 0] = turned ? [video?.height, video?.width] : [video?.width, video?.height];
  return {
    seconds: Number(format.duration),
    begins: Math.max(0, Number(format.start_time)),
    tracks: streams
      .map(({ codec_type, codec_name }) => `${codec_type} ${codec_name}`)
      .sort()
      .reverse(),
    width,
    height,
    rotation,
    languages: streams.flatMap(({ codec_type, tags }) =>
      codec_type === 'audio' && tags?.language && tags.language !== 'und' ? [tags.language] : [],
    ),
    hasAlpha: video?.tags?.alpha_mode === '1',
    pictures: Number(video?.nb_read_packets),
    sound: audio && `${audio.channels} at ${audio.sample_rate}`,
    transfer: video?.color_transfer,
    pictureLate: Number(video?.start_time) - Number(audio?.start_time ?? video?.start_time),
    complaints: run('ffmpeg', ['-i', file, '-f', 'null', '-']).stderr,
  };
}

/** How alike the pictures of two films are as they are shown, from 0 to 1 (SSIM of brightness). */
export function likeness(film: string, other: string): number {
  const compare = '[0:v]scale=180:180[one];[1:v]scale=180:180[other];[one][other]ssim';
  const { stderr } = spawnSync(
    'ffmpeg',
    ['-hide_banner', '-i', film, '-i', other, '-lavfi', compare, '-f', 'null', '-'],
    { encoding: 'utf8' },
  );
  return Number(/SSIM Y:([\d.]+)/.exec(stderr)?.[1]);
}

function run(program: string, args: readonly string[]): { stdout: string; stderr: string } {
  return spawnSync(program, ['-v', 'error', ...args], { encoding: 'utf8' });
}
