import type { Meta, StoryObj } from '@storybook/react-vite';
import type { Capabilities } from '../../src/engine/index.js';
import { anUpload } from '../../src/testing/index.js';
import { capabilities as sample } from '../support/samples.js';
import { Widget, type WidgetProps } from '../support/widget.js';

/** The cloud fetches links, by percent; the rest as any provider. */
const capabilities: Capabilities = {
  ...sample,
  import: { progress: 'percent', cancel: 'waiting', schemes: ['https'] },
};

const meta: Meta<WidgetProps> = {
  title: 'Sources',
  args: { sources: ['device', 'link', 'camera', 'screen'], maxSize: '20GB', snapshot: { capabilities } },
  render: (props) => <Widget {...props} />,
};
export default meta;
type Story = StoryObj<typeof meta>;

/** Waits for what is loaded after the drop zone. */
async function found(root: HTMLElement, selector: string): Promise<HTMLElement> {
  for (;;) {
    const element = root.querySelector<HTMLElement>(selector);
    if (element) return element;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

const source = (name: string) => `[data-source="${name}"]`;

/** Stands in for the camera. */
function standIn(getUserMedia: () => Promise<MediaStream>): void {
  Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { configurable: true, value: getUserMedia });
  const device = (kind: string, label: string) => ({ kind, label, deviceId: label, groupId: '' });
  Object.defineProperty(navigator.mediaDevices, 'enumerateDevices', {
    configurable: true,
    value: () =>
      Promise.resolve([device('videoinput', 'Built-in camera'), device('audioinput', 'Built-in microphone')]),
  });
}

/** A picture that does not move. */
function stillStream(): Promise<MediaStream> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1280, 720];
  const context = canvas.getContext('2d');
  const stream = canvas.captureStream(5);
  const draw = () => {
    if (!context) return;
    context.fillStyle = '#5b4636';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#c79a6d';
    context.fillRect(440, 160, 400, 560);
  };
  draw();
  const timer = setInterval(() => {
    if (stream.active) draw();
    else clearInterval(timer);
  }, 100);
  return Promise.resolve(stream);
}

export const Idle: Story = {
  play: async ({ canvasElement }) => {
    await found(canvasElement, source('screen'));
  },
};

export const Compact: Story = {
  args: { maxFiles: 50, snapshot: { capabilities, uploads: [anUpload({ status: 'queued' })] } },
  play: async ({ canvasElement }) => {
    await found(canvasElement, source('screen'));
  },
};

export const Links: Story = {
  play: async ({ canvasElement }) => {
    (await found(canvasElement, source('link'))).click();
    const field = await found(canvasElement, '.vd-link-input');
    const clipboardData = new DataTransfer();
    clipboardData.setData(
      'text',
      [
        'https://media.northlight.example/keynote/main-stage_camA.mp4',
        'https://archive.example.org/harbor/boats_0041.mov',
        'http://old.example.com/reel.mp4',
        'https://video.example.com/watch?v=7Hq2',
      ].join('\n'),
    );
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }));
    // Without the caret.
    field.blur();
  },
};

export const CameraReady: Story = {
  play: async ({ canvasElement }) => {
    standIn(stillStream);
    (await found(canvasElement, source('camera'))).click();
    await found(canvasElement, '[data-phase="ready"]');
  },
};

export const CameraNotAllowed: Story = {
  play: async ({ canvasElement }) => {
    standIn(() => Promise.reject(new DOMException('', 'NotAllowedError')));
    (await found(canvasElement, source('camera'))).click();
    await found(canvasElement, '[data-phase="problem"]');
  },
};

export const ScreenReady: Story = {
  play: async ({ canvasElement }) => {
    standIn(stillStream);
    (await found(canvasElement, source('screen'))).click();
    await found(canvasElement, '[data-phase="ready"]');
  },
};

/** Puts what a crash leaves into the private file system: 12 minutes and 48 seconds of it. */
async function leaveRecording(scope: string): Promise<void> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(scope));
  const name = Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  let folder = await navigator.storage.getDirectory();
  for (const next of ['vodrop-recordings', name, 'one'])
    folder = await folder.getDirectoryHandle(next, { create: true });
  const write = async (fileName: string, text: string) => {
    const writable = await (await folder.getFileHandle(fileName, { create: true })).createWritable();
    await writable.write(text);
    await writable.close();
  };
  const startedAt = new Date('2026-11-15T09:20:00').getTime();
  await write('info.json', JSON.stringify({ id: 'one', mimeType: 'video/webm', startedAt }));
  await write('000000-768000-412000000.part', 'no video');
}

export const Recovered: Story = {
  args: { scope: 'story' },
  loaders: [
    async () => {
      await leaveRecording('story');
      return {};
    },
  ],
  play: async ({ canvasElement }) => {
    await found(canvasElement, '[data-vodrop="recording"]');
  },
};

const link = (host: string) => ({ source: { type: 'link' as const, host }, status: 'importing' as const });

export const Pulling: Story = {
  args: {
    snapshot: {
      capabilities,
      uploads: [
        anUpload({
          ...link('media.northlight.example'),
          fileName: 'main-stage_camA.mp4',
          sizeBytes: 4.2e9,
          importing: { state: 'running', percent: 62 },
          canCancel: false,
        }),
        anUpload({
          ...link('archive.example.org'),
          fileName: 'boats_0041.mov',
          importing: { state: 'running' },
          canCancel: false,
        }),
        anUpload({
          ...link('cdn.example.com'),
          fileName: 'launch-film-master.mp4',
          importing: { state: 'waiting' },
        }),
      ],
    },
  },
  play: async ({ canvasElement }) => {
    await found(canvasElement, source('screen'));
  },
};
