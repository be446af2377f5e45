import type { Meta, StoryObj } from '@storybook/react-vite';
import { UploadList } from '../../src/react/index.js';
import { waitFor } from 'storybook/test';
import type { UploadSnapshot } from '../../src/engine/index.js';
import { capabilities, samples } from '../support/samples.js';
import { askToCancel, clickOn, endWithUndo } from '../support/click-on.js';
import { Part, type WidgetProps } from '../support/widget.js';

interface Args extends WidgetProps {
  upload: (clip?: File) => UploadSnapshot;
  hasDetails?: boolean;
  fileName?: string;
}

const meta: Meta<Args> = {
  title: 'Row',
  args: { hasDetails: true },
  argTypes: { upload: { table: { disable: true } }, fileName: { control: 'text' } },
  render: ({ upload, hasDetails, fileName, ...props }, { loaded }) => {
    const shown = upload((loaded as { clip?: File }).clip);
    return (
      <Part
        key={fileName}
        snapshot={{
          uploads: [fileName ? { ...shown, fileName } : shown],
          capabilities: hasDetails ? capabilities : undefined,
        }}
        {...props}
      >
        <UploadList header={null} />
      </Part>
    );
  },
};
export default meta;
type Story = StoryObj<typeof meta>;

const story = (upload: Args['upload'], more: Story = {}): Story => ({
  ...more,
  args: { upload, ...more.args },
});

async function clip(name = 'clip.webm'): Promise<File> {
  return new File([await (await fetch(`./${name}`)).blob()], name, { type: 'video/webm' });
}

/** The poster, once a frame of the file was taken: it plays the file then. */
function playable(canvas: HTMLElement): Promise<HTMLElement> {
  return waitFor(
    () => {
      const poster = canvas.querySelector<HTMLElement>('button.vd-poster');
      if (!poster) throw new Error('no frame of the file yet');
      return poster;
    },
    { timeout: 20_000 },
  );
}

export const Queued = story(samples.queued);
export const NotStarted = story(samples.notStarted);
export const Preparing = story(samples.preparing);
export const Uploading = story(samples.uploading);
export const FromAFolder = story(() => ({
  ...samples.uploading(),
  fileName: 'C0001.MP4',
  path: 'Shoot day 3/card 2/DCIM/100CANON/C0001.MP4',
}));
export const Paused = story(samples.paused);
export const Pausing = story(samples.pausing);
export const WaitingForItsFile = story(samples.fileMissing);
export const WaitingForTheRateLimit = story(samples.rateLimited);
export const WaitingForTheNetwork = story(samples.offline);
export const WaitingForSignIn = story(samples.signIn);
export const WaitingForTheCloud = story(samples.busy);
export const InAnotherTab = story(samples.otherTab);
export const Confirming = story(samples.confirming);
export const Processing = story(samples.processing);
export const Ready = story(samples.ready);
export const OwnPlayer = story(samples.ready, {
  args: {
    upload: samples.ready,
    renderPlayer: ({ mediaId }) => (
      <div style={{ padding: 24, background: '#0b1020', color: '#fff', borderRadius: 6 }}>
        The host’s own view of {mediaId}
      </div>
    ),
  },
  play: ({ canvasElement }) => clickOn(canvasElement, '[data-slot="verb"]'),
});
export const Failed = story(samples.failed);
export const FileChanged = story(samples.fileChanged);
export const Canceled = story(samples.canceled);
export const CleaningUp = story(samples.cleaningUp);
export const Asking = story(() => ({ ...samples.uploading(), bytesPerSecond: 2e7 }), {
  play: ({ canvasElement }) => askToCancel(canvasElement, '[data-slot="end"]'),
});
export const CanceledWithUndo = story(samples.uploadingChinese, {
  play: ({ canvasElement }) => endWithUndo(canvasElement, '[data-slot="end"]'),
});
export const RemovedWithUndo = story(samples.fileChanged, {
  play: ({ canvasElement }) => endWithUndo(canvasElement, '[data-slot="end"]'),
});
export const MenuOpen = story(samples.uploading, {
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: 320 }}>
        <Story />
      </div>
    ),
  ],
  play: ({ canvasElement }) => clickOn(canvasElement, '[data-slot="more"]'),
});
export const FocusedRow = story(samples.ready, {
  play: ({ canvasElement }) => {
    canvasElement.querySelector<HTMLElement>('[data-vodrop="upload"]')?.focus();
  },
});
export const EditingTheTitle = story(samples.uploading, {
  play: async ({ canvasElement }) => {
    await clickOn(canvasElement, '[data-editable]');
    await waitFor(() => {
      if (!canvasElement.querySelector('.vd-title-input')) throw new Error('no editor yet');
    });
  },
});
export const WithATitle = story(() => ({
  ...samples.uploading(),
  details: { title: 'Keynote, main stage', status: 'kept', error: undefined },
}));
export const TitleNotSaved = story(() => ({
  ...samples.ready(),
  details: { title: 'Sunrise over the ridge, 4K', status: 'failed', error: undefined },
}));
/** The shield is focused, so that its tip is shown. */
export const SafeToClose = story(() => ({ ...samples.uploading(), isFileKept: true, partCount: 2300 }), {
  play: ({ canvasElement }) => clickOn(canvasElement, '.vd-safe-button'),
});
const ofFile = (more: Story): Story =>
  story(
    (file) => ({
      ...samples.uploading(),
      fileName: 'DJI_0412_sunrise-ridge_4K60.webm',
      media: undefined,
      file,
    }),
    { loaders: [async () => ({ clip: await clip() })], ...more },
  );
export const Scrubbing = ofFile({
  // The pictures are taken with reduced motion, and a poster does not follow the pointer then.
  beforeEach: () => {
    const { matchMedia } = window;
    window.matchMedia = (query) =>
      matchMedia.call(window, query.includes('reduced-motion') ? 'not all' : query);
    return () => {
      window.matchMedia = matchMedia;
    };
  },
  play: async ({ canvasElement }) => {
    const poster = await playable(canvasElement);
    const { left, top, width } = poster.getBoundingClientRect();
    const place = { clientX: left + width * 0.65, clientY: top + 20, pointerType: 'mouse', bubbles: true };
    poster.dispatchEvent(new PointerEvent('pointermove', place));
    await waitFor(() => {
      if (!poster.querySelector('.vd-scrub img')) throw new Error('no frame yet');
    });
  },
});
export const PlayingTheFile = ofFile({
  // All its frames are alike: which of them a browser shows when the picture is taken differs each time.
  loaders: [async () => ({ clip: await clip('still.webm') })],
  play: async ({ canvasElement }) => {
    (await playable(canvasElement)).click();
    await waitFor(
      () => {
        const video = canvasElement.querySelector('video');
        if (!video || video.readyState < video.HAVE_CURRENT_DATA) throw new Error('no film yet');
        video.pause();
        // The browser's controls fade in and out.
        video.controls = false;
      },
      { timeout: 20_000 },
    );
  },
});
export const WithoutDetails = story(samples.uploading, {
  args: { upload: samples.uploading, hasDetails: false },
});
