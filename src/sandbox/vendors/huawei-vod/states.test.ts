import { expect, it } from 'vitest';
import type { Asset } from './assets.js';
import { planTimeline, statusAt, transcodeStatusAt, type Processing } from './states.js';

const asset: Asset = {
  assetId: 'a',
  phase: { kind: 'uploading' },
  title: 't',
  description: '',
  videoName: 'a.mp4',
  videoType: 'MP4',
  categoryId: -1,
  tags: '',
  isAutoPublished: true,
  wantsTranscoding: false,
  createdAt: 0,
  modifiedAt: 0,
  bucket: 'b',
  objectKey: 'k',
  subtitles: [],
};
const usual: Processing = { processingMs: 1000, hasObject: true, transcodesAlways: true };

/** Every status of a confirmed asset, in order. */
function journey(changes: Partial<Asset>, processing: Partial<Processing> = {}): string[] {
  const changed = { ...asset, ...changes };
  const confirmed: Asset = {
    ...changed,
    phase: { kind: 'confirmed', at: 5000, timeline: planTimeline(changed, { ...usual, ...processing }) },
  };
  const seen = Array.from({ length: 101 }, (_, step) => statusAt(confirmed, 5000 + step * 20));
  return seen.filter((status, index) => status !== seen[index - 1]);
}

it.each<[string, Partial<Asset>, Partial<Processing>, string[]]>([
  [
    'transcoded and published',
    {},
    {},
    ['WAITING_TRANSCODE', 'TRANSCODING', 'TRANSCODE_SUCCEED', 'PUBLISHED'],
  ],
  [
    'transcoded, not published',
    { isAutoPublished: false },
    {},
    ['WAITING_TRANSCODE', 'TRANSCODING', 'TRANSCODE_SUCCEED'],
  ],
  ['without transcoding', {}, { transcodesAlways: false }, ['CREATED', 'PUBLISHED']],
  ['without transcoding or publishing', { isAutoPublished: false }, { transcodesAlways: false }, ['CREATED']],
  [
    'transcoded because it asks',
    { wantsTranscoding: true },
    { transcodesAlways: false },
    ['WAITING_TRANSCODE', 'TRANSCODING', 'TRANSCODE_SUCCEED', 'PUBLISHED'],
  ],
  ['audio, which cannot be transcoded', { videoType: 'MP3' }, {}, ['CREATED', 'PUBLISHED']],
  ['without a file', {}, { hasObject: false }, ['CREATING', 'UPLOAD_FAILED']],
  [
    'made to fail',
    {},
    { forcedStatus: 'TRANSCODE_FAILED' },
    ['WAITING_TRANSCODE', 'TRANSCODING', 'TRANSCODE_FAILED'],
  ],
  ['in no time', {}, { processingMs: 0 }, ['PUBLISHED']],
])('%s', (_, changes, processing, expected) => {
  expect(journey(changes, processing)).toEqual(expected);
});

it("keeps the transcoding's own status after publishing", () => {
  const confirmed: Asset = {
    ...asset,
    phase: { kind: 'confirmed', at: 0, timeline: planTimeline(asset, usual) },
  };
  expect([0, 300, 2000].map((time) => transcodeStatusAt(confirmed, time))).toEqual([
    'WAITING_TRANSCODE',
    'TRANSCODING',
    'TRANSCODE_SUCCEED',
  ]);
  expect(transcodeStatusAt(asset, 0)).toBe('UN_TRANSCODE');
});
