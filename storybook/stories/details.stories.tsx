import type { Meta, StoryObj } from '@storybook/react-vite';
import { waitFor } from 'storybook/test';
import { UploadList } from '../../src/react/index.js';
import type { Capabilities } from '../../src/engine/index.js';
import { anUpload } from '../../src/testing/index.js';
import { capabilities } from '../support/samples.js';
import { Part, type WidgetProps } from '../support/widget.js';

interface Args extends WidgetProps {
  offers: Partial<Capabilities>;
  canSetOptions: boolean;
  hasVideo: boolean;
}

const meta: Meta<Args> = {
  title: 'Details',
  args: { canSetOptions: true, hasVideo: true, offers: {} },
  argTypes: { offers: { control: 'object' } },
  loaders: [
    async () => ({
      clip: new File([await (await fetch('./clip.webm')).blob()], 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4', {
        type: 'video/webm',
      }),
    }),
  ],
  render: ({ offers, canSetOptions, hasVideo, ...props }, { loaded }) => {
    const upload = anUpload({
      status: canSetOptions ? 'queued' : 'uploading',
      fileName: 'DJI_0412_sunrise-ridge_4K60_D-Log.mp4',
      sizeBytes: 5.2e9,
      sentBytes: canSetOptions ? 0 : 3.3e9,
      canSetOptions,
      bytesPerSecond: canSetOptions ? undefined : 4.8e7,
      remainingSeconds: canSetOptions ? undefined : 40,
      file: hasVideo ? (loaded as { clip: File }).clip : undefined,
      options: {
        title: 'Sunrise over the ridge, 4K',
        description:
          'First light from the north face. Graded copy follows on Friday; please review the framing only.',
        tags: ['drone', 'sunrise', '秋季发布会', 'B-roll'],
      },
    });
    return (
      <Part
        snapshot={{ uploads: [upload], capabilities: { ...capabilities, ...offers } }}
        autoStart={!canSetOptions}
        {...props}
      >
        <UploadList header={null} />
      </Part>
    );
  },
  play: async ({ canvasElement }) => {
    await waitFor(() => {
      if (!canvasElement.querySelector('[data-vodrop="upload"]')) throw new Error('no row');
    });
    const row = canvasElement.querySelector<HTMLElement>('[data-vodrop="upload"]');
    row?.focus();
    row?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await waitFor(() => {
      if (!document.querySelector('dialog[open]')) throw new Error('not open');
    });
    // The film strip has all its pictures.
    await waitFor(
      () => {
        if (document.querySelectorAll('.vd-strip-pictures > span').length > 0)
          throw new Error('no strip yet');
      },
      { timeout: 8000 },
    );
  },
};
export default meta;
type Story = StoryObj<typeof meta>;

export const Everything: Story = {};
export const WhileUploading: Story = { args: { canSetOptions: false } };
export const FixedAfterTheStart: Story = {
  args: { canSetOptions: false, offers: { updates: undefined, cover: undefined, subtitles: undefined } },
};
export const CoverOnly: Story = {
  args: { offers: { subtitles: undefined, options: [], updates: undefined } },
};
export const SubtitlesOnly: Story = {
  args: { offers: { cover: undefined, options: [], updates: undefined } },
};
export const VideoNotShown: Story = { args: { hasVideo: false } };
export const OwnForm: Story = {
  args: {
    offers: { cover: undefined, subtitles: undefined, options: [], updates: undefined },
    renderDetails: ({ options, setOptions }) => (
      <label style={{ display: 'grid', gap: 6 }}>
        Project
        <input
          style={{
            font: 'inherit',
            padding: '8px 10px',
            border: '1px solid var(--vodrop-border-control)',
            borderRadius: 6,
            background: 'var(--vodrop-surface)',
            color: 'inherit',
          }}
          value={typeof options['project'] === 'string' ? options['project'] : 'Autumn launch'}
          onChange={(event) => {
            setOptions({ project: event.currentTarget.value });
          }}
        />
      </label>
    ),
  },
};
