import { MkvOutputFormat, Mp4OutputFormat, WebMOutputFormat, type InputAudioTrack } from 'mediabunny';
import { afterEach, expect, it, vi } from 'vitest';
import { soundOf } from './encoding.js';

/** mediabunny remembers what a browser can encode: each test has a rate of its own. */
let sampleRate = 8000;

const soundIn = (codec: string) =>
  ({
    getCodec: () => Promise.resolve(codec),
    getNumberOfChannels: () => Promise.resolve(2),
    getSampleRate: () => Promise.resolve((sampleRate += 100)),
  }) as unknown as InputAudioTrack;

function stubEncoder(codecs: RegExp): void {
  vi.stubGlobal('AudioEncoder', {
    isConfigSupported: ({ codec }: AudioEncoderConfig) => Promise.resolve({ supported: codecs.test(codec) }),
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ['MP4', new Mp4OutputFormat(), 'aac'],
  ['Matroska', new MkvOutputFormat(), 'aac'],
  ['WebM', new WebMOutputFormat(), 'opus'],
])('compresses raw sound to a codec that %s holds', async (_name, format, codec) => {
  stubEncoder(/^(mp4a|opus)/);
  expect(await soundOf(format)(soundIn('pcm-s16'))).toMatchObject({ codec, forceTranscode: true });
});

it('asks for no codec that the container does not hold', async () => {
  stubEncoder(/^mp4a/);
  expect(await soundOf(new WebMOutputFormat())(soundIn('pcm-s16'))).toEqual({});
});

it('copies sound that is compressed', async () => {
  stubEncoder(/^(mp4a|opus)/);
  expect(await soundOf(new Mp4OutputFormat())(soundIn('opus'))).toEqual({});
});
