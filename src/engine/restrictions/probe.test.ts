import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMp4Headers } from './mp4-headers.js';
import { probeMedia } from './probe.js';
import { bitDepthOf, readHeaders } from './read-headers.js';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vodrop-probe-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=1'];
const sound = ['-f', 'lavfi', '-i', 'sine=duration=1'];

function film(name: string, ...args: string[]): File {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, file]);
    if (status !== 0) throw new Error(stderr.toString());
  }
  return new File([readFileSync(file)], name);
}

/** As phones do it: the pictures lie, and the header of the track says by how much they are to be turned. */
function turned(lying: File): File {
  const bytes = readFileSync(path.join(folder, lying.name));
  const matrixAt = bytes.indexOf('tkhd') + 4 + 40;
  for (const [index, value] of [0, 0x10000, 0, -0x10000, 0].entries())
    bytes.writeInt32BE(value, matrixAt + 4 * index);
  return new File([bytes], 'upright.mp4');
}

/** Every film with what its headers say. */
const films: readonly [string, () => File, object][] = [
  [
    'H.264 and AAC in MP4',
    () => film('avc.mp4', ...picture, ...sound, '-pix_fmt', 'yuv420p', '-c:a', 'aac'),
    { videoCodec: 'avc', audioCodec: 'aac', hasAudio: true, width: 320, height: 180 },
  ],
  [
    'H.264 in MP4 whose index stands first',
    () => film('fast.mp4', ...picture, '-pix_fmt', 'yuv420p', '-movflags', '+faststart'),
    { videoCodec: 'avc', hasAudio: false, width: 320, height: 180 },
  ],
  [
    'HEVC of 10 bit with HLG in QuickTime',
    () =>
      film(
        'hevc10.mov',
        ...[...picture, ...sound, '-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'],
        ...[
          '-tag:v',
          'hvc1',
          '-color_primaries',
          'bt2020',
          '-color_trc',
          'arib-std-b67',
          '-colorspace',
          'bt2020nc',
        ],
        ...['-x265-params', 'log-level=none', '-movflags', '+write_colr', '-c:a', 'aac'],
      ),
    { videoCodec: 'hevc', bitDepth: 10, isHdr: true, audioCodec: 'aac', hasAudio: true },
  ],
  [
    'H.264 that the camera held upright',
    () => turned(film('lying.mp4', ...picture, '-pix_fmt', 'yuv420p')),
    { videoCodec: 'avc', width: 180, height: 320, rotation: 90, hasAudio: false },
  ],
  [
    'AV1 and Opus in MP4',
    () =>
      film(
        'av1.mp4',
        ...picture,
        ...sound,
        '-c:v',
        'libaom-av1',
        '-cpu-used',
        '8',
        '-pix_fmt',
        'yuv420p10le',
        '-c:a',
        'libopus',
      ),
    { videoCodec: 'av1', bitDepth: 10, audioCodec: 'opus', hasAudio: true },
  ],
  [
    'VP9 and Opus in WebM',
    () =>
      film(
        'vp9.webm',
        ...[
          ...picture,
          ...sound,
          '-c:v',
          'libvpx-vp9',
          '-deadline',
          'realtime',
          '-cpu-used',
          '8',
          '-c:a',
          'libopus',
        ],
      ),
    { videoCodec: 'vp9', bitDepth: 8, audioCodec: 'opus', hasAudio: true, width: 320, height: 180 },
  ],
  [
    'H.264 without sound in Matroska',
    () => film('silent.mkv', ...picture, '-pix_fmt', 'yuv420p'),
    { videoCodec: 'avc', hasAudio: false },
  ],
  [
    'H.264 in fragments',
    () => film('parts.mp4', ...picture, '-pix_fmt', 'yuv420p', '-movflags', 'frag_keyframe+empty_moov'),
    { videoCodec: 'avc', hasAudio: false, width: 320, height: 180 },
  ],
];

describe.skipIf(!hasFfmpeg)('real films', () => {
  it.each(films)('reads the headers of %s', async (_name, make, expected) => {
    const probe = await probeMedia(make());
    expect(probe).toMatchObject(expected);
    expect(probe?.durationSeconds).toBeGreaterThan(0.8);
    expect(probe?.durationSeconds).toBeLessThan(1.3);
    expect(probe?.isIncomplete).toBeUndefined();
  });

  it.each(films)('says of %s the same with and without the library', async (_name, make) => {
    const own = await readMp4Headers(make());
    if (!own) return;
    const { durationSeconds, bitDepth, ...rest } = { ...own, isIncomplete: undefined };
    const whole = await readHeaders(make());
    expect(whole).toMatchObject(JSON.parse(JSON.stringify(rest)) as object);
    expect(whole?.durationSeconds).toBeCloseTo(durationSeconds ?? NaN, 1);
    if (whole?.bitDepth && bitDepth) expect(whole.bitDepth).toBe(bitDepth);
  });

  it.each([
    ['whose index was cut off', 0.5],
    ['whose last bytes are missing', 0.999],
  ])('says that an MP4 file %s is incomplete', async (_name, share) => {
    const whole = film('long.mp4', ...picture, '-pix_fmt', 'yuv420p');
    const cut = new File([whole.slice(0, Math.floor(whole.size * share))], 'cut.mp4');
    expect((await probeMedia(cut))?.isIncomplete).toBe(true);
  });

  it('says that an MP4 file with its index in front and its end cut off is incomplete, and reads the index', async () => {
    const whole = film('front.mp4', ...picture, '-pix_fmt', 'yuv420p', '-movflags', '+faststart');
    const cut = new File([whole.slice(0, whole.size - 1000)], 'cut.mp4');
    expect(await probeMedia(cut)).toMatchObject({ isIncomplete: true, videoCodec: 'avc', width: 320 });
  });

  it('does not take what follows the last box for missing media', async () => {
    const whole = film('long.mp4', ...picture, '-pix_fmt', 'yuv420p');
    const longer = new File([whole, new Uint8Array(64).fill(0xff)], 'longer.mp4');
    expect(await probeMedia(longer)).toMatchObject({ videoCodec: 'avc', isIncomplete: undefined });
  });
});

it.each([
  ['av01.0.04M.10', 10],
  ['vp09.02.10.12', 12],
  ['vp09.00.10.08', 8],
  ['hev1.2.4.L93.B0', 10],
  ['hvc1.1.6.L93.B0', 8],
  ['avc1.6e001f', 10],
  ['avc1.64001f', undefined],
  ['', undefined],
])('reads the bits of a color from %s', (parameters, bits) => {
  expect(bitDepthOf(parameters)).toBe(bits);
});

it('answers nothing for a file that is no video', async () => {
  expect(await probeMedia(new File(['some text'], 'notes.mp4'))).toBeUndefined();
});
