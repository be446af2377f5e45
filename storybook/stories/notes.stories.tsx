import type { Meta, StoryObj } from '@storybook/react-vite';
import { anUpload } from '../../src/testing/index.js';
import { capabilities } from '../support/samples.js';
import { Widget, type WidgetProps } from '../support/widget.js';

const sending = { status: 'uploading', sentBytes: 2e8, storedBytes: 2e8, partCount: 60 } as const;

const meta: Meta<WidgetProps> = { title: 'Notes', render: (props) => <Widget {...props} /> };
export default meta;
type Story = StoryObj<typeof meta>;

/** One card for the whole drop: what a person may want to act on comes first. */
export const Several: Story = {
  args: {
    snapshot: {
      uploads: [
        anUpload({
          ...sending,
          fileName: 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4',
          notes: [{ code: 'codec', codec: 'hevc', bitDepth: 10 }, { code: 'hdr' }],
        }),
        anUpload({
          ...sending,
          fileName: 'Interview Dr. Amélie Nguyen (rough cut).mov',
          notes: [{ code: 'no-sound' }],
        }),
        anUpload({
          fileName: 'IMG_0007.mov',
          notes: [{ code: 'vertical', width: 1080, height: 1920 }],
        }),
        anUpload({
          fileName: 'C0001.MP4',
          notes: [{ code: 'same-video', duplicateOf: { id: 'one', fileName: 'Keynote main stage.mp4' } }],
        }),
        anUpload({ fileName: 'card dump.mp4', notes: [{ code: 'incomplete' }] }),
      ],
    },
  },
};

/** The provider names a template: what the cloud does with a codec that not every browser plays. */
export const Transcoded: Story = {
  args: {
    snapshot: {
      capabilities: { ...capabilities, transcodes: true },
      uploads: [
        anUpload({
          ...sending,
          fileName: 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4',
          notes: [{ code: 'codec', codec: 'hevc', bitDepth: 10 }],
        }),
      ],
    },
  },
};

/** Many files of one kind are one line. */
export const OneKind: Story = {
  args: {
    snapshot: {
      uploads: Array.from({ length: 6 }, (_, index) =>
        anUpload({ fileName: `IMG_000${index + 1}.mov`, notes: [{ code: 'no-sound' }] }),
      ),
    },
  },
};

/** The dialog of a file says in sentences what the marks of its row stand for. */
export const InDialog: Story = {
  args: {
    snapshot: {
      capabilities,
      uploads: [
        anUpload({
          fileName: 'IMG_0007.mov',
          notes: [
            { code: 'no-sound' },
            { code: 'codec', codec: 'hevc', bitDepth: 10 },
            { code: 'vertical', width: 1080, height: 1920 },
          ],
        }),
      ],
    },
  },
  play: async ({ canvasElement }) => {
    for (;;) {
      const button = canvasElement.querySelector<HTMLElement>('[aria-label="Edit details"]');
      if (button) {
        button.click();
        break;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    while (!document.querySelector('[data-vodrop="upload-notes"]'))
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
  },
};
