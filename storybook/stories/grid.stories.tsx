import type { Meta, StoryObj } from '@storybook/react-vite';
import type { UploaderProps } from '../../src/react/index.js';
import { clickOn, endWithUndo } from '../support/click-on.js';
import { capabilities, finished, many, mixed, samples } from '../support/samples.js';
import { Widget, type WidgetProps } from '../support/widget.js';

const meta: Meta<WidgetProps & Pick<UploaderProps, 'layout' | 'mediaLink' | 'mediaEmbed' | 'slots'>> = {
  title: 'Grid',
  argTypes: { snapshot: { table: { disable: true } } },
  args: {
    layout: 'grid',
    mediaLink: ({ mediaId = '' }) => `https://videos.example.com/watch/${mediaId}`,
    mediaEmbed: ({ mediaId = '' }) => `<iframe src="https://videos.example.com/embed/${mediaId}"></iframe>`,
  },
  render: (props) => <Widget {...props} />,
};
export default meta;
type Story = StoryObj<typeof meta>;

export const MixedTiles: Story = { args: { snapshot: { uploads: mixed(), capabilities } } };
export const Ready: Story = { args: { snapshot: { uploads: finished(), capabilities } } };
export const Focused: Story = {
  args: { snapshot: { uploads: finished(), capabilities } },
  play: ({ canvasElement }) => clickOn(canvasElement, '[data-slot="link"]'),
};
export const EveryState: Story = {
  args: {
    snapshot: {
      uploads: [
        samples.notStarted(),
        samples.preparing(),
        samples.pausing(),
        samples.offline(),
        samples.signIn(),
        samples.fileMissing(),
        samples.confirming(),
        samples.processing(),
        samples.canceled(),
      ],
      capabilities,
    },
  },
};
export const Asking: Story = {
  args: { snapshot: { uploads: [samples.uploading(), samples.ready()] }, undo: false },
  play: ({ canvasElement }) => clickOn(canvasElement, '[data-slot="end"]'),
};
export const Undo: Story = {
  args: { snapshot: { uploads: [samples.queued(), samples.ready()] } },
  play: ({ canvasElement }) => endWithUndo(canvasElement, '[data-slot="end"]'),
};
export const TenThousand: Story = { args: { snapshot: { uploads: many() } } };
