import type { Meta, StoryObj } from '@storybook/react-vite';
import type { CSSProperties } from 'react';
import type { UploaderProps } from '../../src/react/index.js';
import { anUnfinishedUpload } from '../../src/testing/index.js';
import { capabilities, finished, many, mixed } from '../support/samples.js';
import { Widget, type WidgetProps } from '../support/widget.js';

const meta: Meta<WidgetProps & Pick<UploaderProps, 'slots' | 'classNames' | 'style'>> = {
  title: 'Uploader',
  argTypes: {
    dropTarget: { control: 'inline-radio', options: ['zone', 'page'] },
    maxFiles: { control: 'number' },
    maxSize: { control: 'text' },
    maxDuration: { control: 'text' },
    disabled: { control: 'boolean' },
    autoStart: { control: 'boolean' },
    progressInTitle: { control: 'boolean' },
    snapshot: { table: { disable: true } },
  },
  render: (props) => <Widget {...props} />,
};
export default meta;
type Story = StoryObj<typeof meta>;

const unfinished = () => [
  anUnfinishedUpload({ fileName: 'Lecture 11: Displacement current.mp4', canContinue: true }),
];

export const Idle: Story = { args: { maxSize: '20GB', maxDuration: '60 min' } };
export const MixedRows: Story = {
  args: { maxFiles: 50, snapshot: { uploads: mixed(), unfinished: unfinished(), capabilities } },
};
export const Done: Story = {
  args: { snapshot: { uploads: finished(), capabilities }, onDone: () => undefined },
};
export const TenThousand: Story = { args: { snapshot: { uploads: many() } } };
const brand: CSSProperties & Record<`--vodrop-${string}`, string> = {
  '--vodrop-accent': '#b3261e',
  '--vodrop-radius': '2px',
  '--vodrop-unit': '3.5px',
};
export const OwnTheme: Story = { args: { snapshot: { uploads: mixed(), capabilities }, style: brand } };
export const OwnRow: Story = {
  args: {
    snapshot: { uploads: mixed() },
    slots: { status: ({ status }) => <div>In your own words: {status}</div>, actions: () => <span>…</span> },
  },
};
