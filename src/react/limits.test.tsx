// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { useWidget } from './context.js';
import { Uploader, UploaderProvider, type UploaderSettings } from './index.js';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function restrictionsOf(settings: UploaderSettings) {
  let found: ReturnType<typeof useWidget>['restrictions'] | undefined;
  const Probe = () => {
    found = useWidget().restrictions;
    return null;
  };
  const page = (given: UploaderSettings) => (
    <UploaderProvider uploader={fake} {...given}>
      <Probe />
    </UploaderProvider>
  );
  const fake = createFakeUploader();
  const { rerender } = render(page(settings));
  return {
    restrictions: found,
    after: (next: UploaderSettings) => {
      rerender(page(next));
      return found;
    },
  };
}

describe('limits of the host', () => {
  it('leaves the drop zone open with maxFiles={Infinity}', () => {
    render(<Uploader uploader={createFakeUploader({ uploads: [anUpload()] })} maxFiles={Infinity} />);
    const zone = document.querySelector<HTMLElement>('[data-vodrop="dropzone"]');
    expect(zone?.dataset.disabled).toBeUndefined();
    expect(document.querySelector<HTMLInputElement>('input[type=file]')?.multiple).toBe(true);
  });

  it('Infinity means no limit, for every limit that is a maximum', () => {
    const { restrictions } = restrictionsOf({
      maxFiles: Infinity,
      maxSize: Infinity,
      maxDuration: Infinity,
      maxResolution: Infinity,
    });
    expect(restrictions).toMatchObject({ accept: ['video'] });
    expect(Object.values(restrictions ?? {}).filter((value) => value !== undefined)).toEqual([['video']]);
  });

  it('passes each limit to the engine in the unit of the engine', () => {
    const { restrictions } = restrictionsOf({
      maxFiles: 3,
      maxSize: '2GB',
      minSize: 10,
      maxDuration: '10 min',
      minDuration: 2,
      minResolution: 720,
      maxResolution: 2160,
      codecs: ['avc'],
      accept: 'video, .mkv',
    });
    expect(restrictions).toEqual({
      accept: ['video', '.mkv'],
      maxFiles: 3,
      maxSizeBytes: 2e9,
      minSizeBytes: 10,
      maxDurationSeconds: 600,
      minDurationSeconds: 2,
      minResolution: 720,
      maxResolution: 2160,
      videoCodecs: ['avc'],
    });
  });

  it('an empty accept list stays empty, and an absent one becomes the default', () => {
    expect(restrictionsOf({ accept: [], codecs: [] }).restrictions).toMatchObject({
      accept: [],
      videoCodecs: [],
    });
    expect(restrictionsOf({}).restrictions).toMatchObject({ accept: ['video'], videoCodecs: undefined });
  });

  it('keeps the same restrictions object while the limits are equal', () => {
    const { restrictions, after } = restrictionsOf({ accept: ['video'], codecs: ['avc'], maxFiles: 2 });
    expect(after({ accept: ['video'], codecs: ['avc'], maxFiles: 2 })).toBe(restrictions);
    expect(after({ accept: ['video'], codecs: ['hevc'], maxFiles: 2 })).not.toBe(restrictions);
  });

  it.each<[string, UploaderSettings]>(
    (
      [
        'maxFiles',
        'maxSize',
        'minSize',
        'maxDuration',
        'minDuration',
        'minResolution',
        'maxResolution',
        'keepFilesMaxSize',
      ] as const
    ).flatMap((name) => [
      [`${name} of NaN`, { [name]: NaN }],
      [`a negative ${name}`, { [name]: -1 }],
    ]),
  )('throws a TypeError that names the limit for %s', (title, settings) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const [name = ''] = Object.keys(settings);
    expect(title).toContain(name);
    expect(() => restrictionsOf(settings)).toThrow(TypeError);
    expect(() => restrictionsOf(settings)).toThrow(name);
  });

  it('throws a TypeError that names the limit for a size or length it cannot parse', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => restrictionsOf({ maxSize: '2 elephants' })).toThrow(/maxSize.*2 elephants/);
    expect(() => restrictionsOf({ maxDuration: 'long' as `${number}` })).toThrow(/maxDuration.*long/);
  });
});
