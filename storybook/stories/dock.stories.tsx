import type { Meta, StoryObj } from '@storybook/react-vite';
import { waitFor } from 'storybook/test';
import { useState, type ReactNode } from 'react';
import { UploaderDock, UploaderProvider } from '../../src/react/index.js';
import type { UploadSnapshot } from '../../src/engine/index.js';
import { anUpload, createFakeUploader } from '../../src/testing/index.js';
import { mixed, receipt, samples } from '../support/samples.js';
import { clickOn } from '../support/click-on.js';
import { useSurroundings } from '../support/surroundings.js';

function Corner({ uploads }: { uploads: () => readonly UploadSnapshot[] }): ReactNode {
  const { theme, locale } = useSurroundings();
  const [fake] = useState(() => createFakeUploader({ uploads: uploads() }));
  return (
    <UploaderProvider uploader={fake} locale={locale}>
      <p dir="ltr">Another page of the application. The uploads go on.</p>
      <UploaderDock theme={theme} onShow={() => undefined} />
    </UploaderProvider>
  );
}

const meta: Meta<{ uploads: () => readonly UploadSnapshot[] }> = {
  title: 'Dock',
  argTypes: { uploads: { table: { disable: true } } },
  render: (args) => <Corner {...args} />,
};
export default meta;
type Story = StoryObj<typeof meta>;

const moving = () => mixed().filter(({ status }) => status !== 'failed');

export const Uploading: Story = { args: { uploads: moving } };
export const Open: Story = {
  args: { uploads: moving },
  play: async ({ canvasElement }) => {
    await clickOn(canvasElement, '[data-vodrop="dock"] [aria-expanded="false"]');
    await waitFor(() => {
      if (!canvasElement.querySelector('[data-vodrop="dock-upload"]')) throw new Error('closed');
    });
  },
};
export const NeedsAttention: Story = { args: { uploads: mixed } };
export const Ready: Story = {
  args: {
    uploads: () => Array.from({ length: 7 }, () => anUpload({ status: 'ready', sizeBytes: 6.84e9, receipt })),
  },
};
export const Paused: Story = { args: { uploads: () => [samples.paused(), samples.ready()] } };
