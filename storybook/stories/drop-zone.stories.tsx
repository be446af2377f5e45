import type { Meta, StoryObj } from '@storybook/react-vite';
import { waitFor } from 'storybook/test';
import { Dropzone } from '../../src/react/index.js';
import { anUpload } from '../../src/testing/index.js';
import { hangOver, zoneIn } from '../support/drag.js';
import { samples } from '../support/samples.js';
import { Part, type WidgetProps } from '../support/widget.js';

const meta: Meta<WidgetProps & { isCompact?: boolean }> = {
  title: 'Drop zone',
  args: { maxSize: '20GB', maxDuration: '60 min' },
  argTypes: {
    dropTarget: { control: 'inline-radio', options: ['zone', 'page'] },
    disabled: { control: 'boolean' },
    maxFiles: { control: 'number' },
    accept: { control: 'text' },
  },
  render: ({ isCompact, ...props }) => (
    <Part {...props}>
      <Dropzone isCompact={isCompact} />
    </Part>
  ),
};
export default meta;
type Story = StoryObj<typeof meta>;

const hanging = (...types: string[]): Pick<Story, 'play'> => ({
  play: ({ canvasElement }) => {
    hangOver(zoneIn(canvasElement), types);
  },
});
const videos = (count: number) => Array.from({ length: count }, () => 'video/mp4');
const seven = () => ({ uploads: Array.from({ length: 7 }, () => anUpload({ status: 'uploading' })) });

export const Idle: Story = {};
export const Focused: Story = {
  play: ({ canvasElement }) => {
    canvasElement.querySelector<HTMLElement>('.vd-pick')?.focus();
  },
};
export const DragAccepted: Story = hanging(...videos(14));
export const DragMixed: Story = hanging(...videos(12), 'application/pdf', 'image/png');
export const DragRejected: Story = hanging('application/pdf', 'application/pdf', 'application/pdf');
export const DragUnknown: Story = hanging('video/mp4', '');
export const Disabled: Story = { args: { disabled: true } };
export const Compact: Story = { args: { maxFiles: 50, snapshot: seven() } };
export const CompactAccepted: Story = {
  args: { maxFiles: 50, snapshot: seven() },
  ...hanging(...videos(14)),
};
export const CompactMixed: Story = {
  args: { maxFiles: 50, snapshot: seven() },
  ...hanging(...videos(12), 'application/pdf', 'image/png'),
};
export const Full: Story = { args: { maxFiles: 7, snapshot: seven() } };
export const PageTarget: Story = {
  args: { dropTarget: 'page' },
  play: async ({ canvasElement }) => {
    // The page listens once the widget is there.
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    hangOver(canvasElement.ownerDocument.body, videos(14));
  },
};
/** Files dropped beside the zone: the page stays, and nothing is added. */
export const DroppedBeside: Story = {
  play: async ({ canvasElement }) => {
    await waitFor(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'beside.mp4', { type: 'video/mp4' }));
      const drop = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer });
      if (canvasElement.ownerDocument.body.dispatchEvent(drop))
        throw new Error('the browser would open them');
    });
  },
};
export const OwnContents: Story = {
  render: (props) => (
    <Part {...props} snapshot={{ uploads: [samples.ready()] }}>
      <Dropzone>
        {({ open }) => (
          <button
            type="button"
            onClick={(event) => {
              event.stopPropagation();
              open();
            }}
          >
            Your own button
          </button>
        )}
      </Dropzone>
    </Part>
  ),
};
