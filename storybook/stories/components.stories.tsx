import type { Meta, StoryObj } from '@storybook/react-vite';
import { Rejections, TotalProgress, UnfinishedUploads, UploadList } from '../../src/react/index.js';
import type { Rejection, UploaderSnapshot } from '../../src/engine/index.js';
import { UploadError } from '../../src/engine/index.js';
import { anUnfinishedUpload, anUpload } from '../../src/testing/index.js';
import { mixed, receipt, samples } from '../support/samples.js';
import { askToCancel, clickOn, endWithUndo } from '../support/click-on.js';
import { Part, type WidgetProps } from '../support/widget.js';

const meta: Meta<WidgetProps & { part: 'total' | 'unfinished' | 'rejections' }> = {
  title: 'Components',
  argTypes: { part: { table: { disable: true } } },
  render: ({ part, ...props }) => (
    <Part {...props}>
      {part === 'total' && (
        <div className="vd-panel">
          <TotalProgress />
        </div>
      )}
      {part === 'unfinished' && <UnfinishedUploads />}
      {part === 'rejections' && <Rejections />}
    </Part>
  ),
};
export default meta;
type Story = StoryObj<typeof meta>;

const total = (
  uploads: UploaderSnapshot['uploads'],
  more: Partial<UploaderSnapshot> = {},
  settings: Partial<WidgetProps> = {},
): Story => ({ args: { part: 'total', snapshot: { uploads, ...more }, ...settings } });
const click = (selector: string): Pick<Story, 'play'> => ({
  play: ({ canvasElement }) => clickOn(canvasElement, selector),
});

export const TotalUploading = total(mixed());
export const TotalGentle = total(mixed(), { priority: 'background' });
export const TotalPaused = total([samples.paused(), samples.paused()]);
export const TotalNotStarted = total([samples.notStarted(), samples.notStarted()]);
export const TotalProcessing = total([samples.processing(), samples.processing(), samples.ready()]);
export const TotalReady = total(
  Array.from({ length: 7 }, () => anUpload({ status: 'ready', sizeBytes: 6.84e9, receipt })),
);
export const TotalFailed = total([samples.failed(), samples.failed(), samples.ready()]);
export const TotalOffline = total([samples.offline(), samples.queued()]);
export const TotalNotRemembered = total([samples.uploading()], { canResumeAfterReload: false });
export const TotalAsking: Story = {
  ...total(mixed()),
  play: ({ canvasElement }) => askToCancel(canvasElement, '.vd-actions > :last-child:is(button)'),
};

const unfinished = (...parts: Parameters<typeof anUnfinishedUpload>[0][]): Story => ({
  args: { part: 'unfinished', snapshot: { unfinished: parts.map(anUnfinishedUpload) } },
});

export const UnfinishedOneClick = unfinished({
  fileName: 'Lecture 11: Displacement current.mp4',
  canContinue: true,
});
export const UnfinishedSeveral = unfinished(
  {
    fileName: 'Keynote_main-stage_camA_ISO_ProRes422HQ_2026-11-14_final-colour-pass_v3.mov',
    sizeBytes: 18.4e9,
    storedBytes: 11.6e9,
    canContinue: true,
  },
  {
    fileName: '2026年秋季发布会产品演示与现场问答完整版（简体中文字幕）.mp4',
    sizeBytes: 4.5e9,
    storedBytes: 1.1e9,
    canContinue: true,
  },
  { fileName: 'Lecture 11, Displacement current.mp4', sizeBytes: 11.8e9, storedBytes: 7.5e9 },
);
export const UnfinishedNeedsFile = unfinished({
  fileName: '海港纪录片 第三集 粗剪.mov',
  storedBytes: 8.61e9,
});
export const UnfinishedWrongFile = unfinished({ fileName: 'lecture.mp4', wrongFileName: 'lecture.mp4' });
export const UnfinishedDiscarded: Story = {
  ...unfinished(
    { fileName: 'Lecture 11: Displacement current.mp4', canContinue: true },
    { fileName: 'Interview.mp4', canContinue: true },
  ),
  play: ({ canvasElement }) => endWithUndo(canvasElement, '.vd-group-head .vd-button'),
};
export const UnfinishedAsking: Story = {
  ...unfinished({ fileName: 'lecture.mp4' }),
  ...click('[data-slot="end"]'),
};

const file = (name: string) => new File(['x'], name);
const rejections = (list: readonly Rejection[], checkedFileCount: number): Story => ({
  args: { part: 'rejections', snapshot: { rejections: list, checkedFileCount } },
});

export const RejectedMany = rejections(
  [
    ...['notes.mp4', 'Thumbs.db', 'call-sheet.pdf'].map((name) => ({
      file: file(name),
      code: 'file-invalid-type' as const,
    })),
    { file: file('Panel 2, full length.mov'), code: 'duration-too-long', limit: 3600, actual: 6120 },
    { file: file('圆桌论坛全程录像.mp4'), code: 'duration-too-long', limit: 3600, actual: 7320 },
    { file: file('Aerial master 8K.mov'), code: 'file-too-large', limit: 2e10, actual: 6.17e10 },
  ],
  214,
);
export const RejectedOne = rejections(
  [{ file: file('Panel 2, full length.mov'), code: 'duration-too-long', limit: 600, actual: 720 }],
  1,
);
export const RejectedByTheHost = rejections(
  [
    { file: file('draft.mp4'), code: 'custom', message: 'Drafts are not taken after Friday' },
    { file: file('old.avi'), code: 'codec-not-accepted', message: 'mpeg4' },
  ],
  2,
);

export const RejectedDuplicate = rejections(
  [
    {
      file: file('Keynote copy.mov'),
      code: 'duplicate-file',
      duplicateOf: { id: 'a', fileName: 'Keynote.mov' },
      item: file('Keynote copy.mov'),
    },
  ],
  1,
);
export const UnfinishedBesideAnother: Story = {
  render: (props) => (
    <Part
      {...props}
      snapshot={{
        unfinished: [anUnfinishedUpload({ fileName: 'Interview.mp4' })],
        uploads: [anUpload({ status: 'uploading', fileName: 'Interview.mp4' })],
      }}
    >
      <UnfinishedUploads />
    </Part>
  ),
};

export const SeveralFailures: Story = {
  render: (props) => (
    <Part
      {...props}
      snapshot={{
        uploads: [
          samples.failed(),
          anUpload({ status: 'failed', fileName: 'a.mp4', error: new UploadError('endpoint-unreachable') }),
        ],
      }}
    >
      <UploadList />
    </Part>
  ),
};
