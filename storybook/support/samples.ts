import type { Capabilities, UploadSnapshot } from '../../src/engine/index.js';
import { UploadError } from '../../src/engine/index.js';
import { anUpload } from '../../src/testing/index.js';

const skies = {
  dusk: ['#27406f', '#e3a066'],
  sea: ['#4fa3a8', '#dbeef0'],
  stage: ['#10131f', '#4a57c9'],
  night: ['#0e1524', '#8a5a2b'],
  face: ['#5b4636', '#c79a6d'],
  chalk: ['#d9d7cf', '#8d9299'],
} as const;

/** A little landscape, so that posters need no files. */
function poster(name: keyof typeof skies): string {
  const [from, to] = skies[name];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="90"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="160" height="90" fill="url(#g)"/><circle cx="108" cy="48" r="9" fill="#fff" opacity=".6"/><path d="M0 74q30-22 58-8t46-12 56 10v26H0z" fill="${from}" opacity=".7"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const media = (sky: keyof typeof skies, durationSeconds: number, parts: object = {}) => ({
  mediaId: 'c7f1a2b94d',
  provider: 'huawei-vod',
  status: 'processing' as const,
  coverUrl: poster(sky),
  durationSeconds,
  ...parts,
});

export const receipt = {
  sizeBytes: 3.2e9,
  partMd5Base64: [],
  partSizeBytes: 1,
  eTag: undefined,
  computedETag: '',
  isVerified: true,
};
const keynote = 'Keynote_main-stage_camA_ISO_ProRes422HQ_2026-11-14_final_v3.mov';

/** One upload of each kind, as in the pictures of the design. */
export const samples = {
  uploading: () =>
    anUpload({
      status: 'uploading',
      fileName: keynote,
      sizeBytes: 18.4e9,
      storedBytes: 11.6e9,
      sentBytes: 13.1e9,
      bytesPerSecond: 4.8e7,
      remainingSeconds: 120,
      media: media('stage', 2892),
    }),
  uploadingChinese: () =>
    anUpload({
      status: 'uploading',
      fileName: '2026年秋季发布会产品演示与现场问答完整版（简体中文字幕）.mp4',
      sizeBytes: 4.5e9,
      sentBytes: 1.1e9,
      bytesPerSecond: 3.1e7,
      remainingSeconds: 110,
      media: media('night', 4360),
    }),
  preparing: () =>
    anUpload({
      status: 'preparing',
      fileName: "Lecture 12: Maxwell's equations at the whiteboard.mkv",
      sizeBytes: 7.6e9,
      checkedBytes: 3.1e9,
    }),
  queued: () =>
    anUpload({
      status: 'queued',
      fileName: 'B-roll harbour boats 0041.mp4',
      sizeBytes: 2.9e9,
      queuePosition: 3,
      media: media('sea', 380),
    }),
  notStarted: () =>
    anUpload({
      status: 'queued',
      isNotStarted: true,
      fileName: 'B-roll harbour boats 0041.mp4',
      sizeBytes: 2.9e9,
      media: media('sea', 380),
    }),
  paused: () =>
    anUpload({
      status: 'paused',
      fileName: keynote,
      sizeBytes: 18.4e9,
      sentBytes: 11.6e9,
      media: media('stage', 2892),
    }),
  pausing: () =>
    anUpload({
      status: 'paused',
      fileName: keynote,
      sizeBytes: 18.4e9,
      storedBytes: 11.6e9,
      sentBytes: 12e9,
      finishingParts: 2,
      media: media('stage', 2892),
    }),
  fileMissing: () =>
    anUpload({
      status: 'uploading',
      waiting: { for: 'file' },
      fileName: keynote,
      sizeBytes: 18.4e9,
      sentBytes: 11.6e9,
      media: media('stage', 2892),
    }),
  rateLimited: () =>
    anUpload({
      status: 'preparing',
      waiting: { for: 'rate-limit', retryAt: Date.now() + 60_000 },
      fileName: keynote,
      sizeBytes: 18.4e9,
      media: media('stage', 2892),
    }),
  offline: () =>
    anUpload({
      status: 'uploading',
      waiting: { for: 'network' },
      fileName: 'Night drive timelapse, Shenzhen Bay to Futian.webm',
      sizeBytes: 3.3e9,
      sentBytes: 1.9e9,
      media: media('night', 774),
    }),
  signIn: () =>
    anUpload({
      status: 'uploading',
      waiting: { for: 'sign-in' },
      fileName: keynote,
      sizeBytes: 18.4e9,
      sentBytes: 11.6e9,
      media: media('stage', 2892),
    }),
  busy: () =>
    anUpload({
      status: 'uploading',
      waiting: { for: 'cloud', retryAt: Date.now() + 20_000 },
      fileName: keynote,
      sizeBytes: 18.4e9,
      sentBytes: 11.6e9,
      media: media('stage', 2892),
    }),
  confirming: () =>
    anUpload({
      status: 'confirming',
      fileName: 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4',
      sizeBytes: 5.2e9,
      media: media('dusk', 211),
    }),
  processing: () =>
    anUpload({
      status: 'processing',
      fileName: 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4',
      sizeBytes: 5.2e9,
      media: media('dusk', 211),
    }),
  ready: () =>
    anUpload({
      status: 'ready',
      fileName: 'مقابلة مع المخرجة ليلى حداد، الجزء الثاني.mp4',
      sizeBytes: 3.2e9,
      receipt,
      mediaId: 'c7f1a2b94d',
      media: media('night', 1457, {
        status: 'ready',
        width: 3840,
        height: 2160,
        playUrls: [{ url: './clip.webm', format: 'webm' }],
      }),
    }),
  failed: () =>
    anUpload({
      status: 'failed',
      fileName: 'Interview Dr. Amélie Fournier, take 07 (lav mic, no slate).mov',
      sizeBytes: 6.1e9,
      sentBytes: 2.32e9,
      media: media('face', 1325),
      error: new UploadError('store-refused', { attempts: 6 }),
    }),
  fileChanged: () =>
    anUpload({
      status: 'failed',
      fileName: 'Product close-up, headphones, grey sweep.mp4',
      sizeBytes: 9e8,
      cleanup: 'done',
      media: media('chalk', 106),
      error: new UploadError('file-changed'),
    }),
  canceled: () =>
    anUpload({
      status: 'canceled',
      fileName: 'B-roll harbour boats 0041.mp4',
      sizeBytes: 2.9e9,
      media: media('sea', 380),
    }),
  cleaningUp: () =>
    anUpload({
      status: 'canceled',
      cleanup: 'pending',
      fileName: 'B-roll harbour boats 0041.mp4',
      sizeBytes: 2.9e9,
      media: media('sea', 380),
    }),
  otherTab: () =>
    anUpload({
      status: 'uploading',
      owner: 'other',
      fileName: '2026年秋季发布会产品演示与现场问答完整版（简体中文字幕）.mp4',
      sizeBytes: 4.5e9,
      sentBytes: 1.1e9,
      bytesPerSecond: 3.1e7,
      remainingSeconds: 110,
      media: media('night', 4360),
    }),
} satisfies Record<string, () => UploadSnapshot>;

export const capabilities: Capabilities = {
  provider: 'alibaba-vod',
  checksum: 'none',
  singlePutMaxBytes: 2e7,
  parts: { minSizeBytes: 1e5, maxSizeBytes: 5e9, maxCount: 10_000 },
  signing: 'on-demand',
  canReplace: false,
  cover: { contentTypes: ['image/jpeg', 'image/png'], when: 'any' },
  subtitles: { formats: ['srt', 'vtt'], maxCount: 5, when: 'any' },
  options: ['title', 'description', 'tags'],
  updates: {
    title: { maxLength: 128, unit: 'bytes' },
    description: { maxLength: 1024, unit: 'bytes' },
    tags: { maxLength: 32, unit: 'bytes', maxCount: 16 },
  },
};

export const mixed = () => [
  samples.uploading(),
  samples.uploadingChinese(),
  samples.failed(),
  samples.preparing(),
  samples.processing(),
  samples.queued(),
  samples.ready(),
];

/** A day's work, done. */
export const finished = () =>
  [
    ['DJI_0412_sunrise-ridge_4K60_D-Log.mp4', 5.2e9, 'dusk', 211, 'c7f1a2b94d'],
    ['Night drive timelapse, Shenzhen Bay to Futian.webm', 3.3e9, 'night', 774, 'e20b7714aa'],
    ['Interview Dr. Amélie Fournier, take 07.mov', 6.1e9, 'face', 1325, '91d3c05f6e'],
    ['B-roll harbour boats 0041.mp4', 2.9e9, 'sea', 380, '5ab8f02c13'],
  ].map(([fileName, sizeBytes, sky, durationSeconds, mediaId]) =>
    anUpload({
      status: 'ready',
      fileName: String(fileName),
      sizeBytes: Number(sizeBytes),
      receipt,
      mediaId: String(mediaId),
      media: media(sky as keyof typeof skies, Number(durationSeconds), {
        status: 'ready',
        width: 3840,
        height: 2160,
        playUrls: [{ url: './clip.webm', format: 'webm' }],
      }),
    }),
  );

/** Ten thousand, for scrolling. */
export const many = () =>
  Array.from({ length: 10_000 }, (_none, index) =>
    anUpload({
      status: index % 97 === 5 ? 'failed' : index < 3 ? 'uploading' : index < 40 ? 'ready' : 'queued',
      fileName: `Rushes ${String(index + 1).padStart(5, '0')}.mp4`,
      queuePosition: index,
      receipt,
      ...(index % 97 === 5
        ? { error: new UploadError('store-refused', { attempts: 6 }), sentBytes: 3e8 }
        : {}),
    }),
  );
