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

/** Stands in for the recorder of the browser: says that it has written so much, and stops only where it is to. */
function recorderWritesBytes(bytes: number): void {
  class StandIn extends EventTarget {
    static readonly isTypeSupported = (): boolean => true;
    state = 'inactive';
    start(): void {
      this.state = 'recording';
      setTimeout(() => this.#give());
    }
    pause(): void {
      this.state = 'paused';
    }
    resume(): void {
      this.state = 'recording';
    }
    requestData(): void {
      this.#give();
    }
    stop(): void {
      this.state = 'inactive';
      this.dispatchEvent(new Event('stop'));
    }
    #isGiven = false;
    #give(): void {
      if (this.#isGiven) return;
      this.#isGiven = true;
      const data = new Blob(['no video']);
      Object.defineProperty(data, 'size', { value: bytes });
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }));
    }
  }
  Object.defineProperty(globalThis, 'MediaRecorder', { configurable: true, value: StandIn });
}

/** With a tone of always the same volume on its microphone. */
async function streamWithSound(): Promise<MediaStream> {
  const stream = await stillStream();
  const context = new AudioContext();
  const tone = context.createConstantSource();
  tone.offset.value = 0.05;
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return new MediaStream([...stream.getTracks(), ...out.stream.getTracks()]);
}

/** Opens the recorder, and presses its button. */
async function press(root: HTMLElement, name: 'camera' | 'screen', phase: string): Promise<HTMLElement> {
  (await found(root, source(name))).click();
  const dialog = await found(root, '[data-phase="ready"]');
  (await found(dialog, '.vd-recording-button')).click();
  await found(root, `[data-phase="${phase}"]`);
  return dialog;
}

/** A story of its own folder, which leaves the page as it was: the next one is shown in the same. */
const aRecording = (scope: string) => ({
  args: { scope },
  beforeEach: () => {
    const { now } = Date;
    const { MediaRecorder } = globalThis;
    const { createWritable } = FileSystemFileHandle.prototype;
    return () => {
      Date.now = now;
      Object.defineProperty(globalThis, 'MediaRecorder', { configurable: true, value: MediaRecorder });
      FileSystemFileHandle.prototype.createWritable = createWritable;
    };
  },
});

/** Lets the clock of the day go on by so many seconds, at once. */
function passSeconds(seconds: number): void {
  const now = Date.now();
  Date.now = () => now + seconds * 1000;
}

async function record(root: HTMLElement, name: 'camera' | 'screen'): Promise<HTMLElement> {
  recorderWritesBytes(name === 'screen' ? 186e6 : 12e6);
  standIn(name === 'screen' ? stillStream : streamWithSound);
  Object.defineProperty(navigator.mediaDevices, 'getDisplayMedia', {
    configurable: true,
    value: stillStream,
  });
  const dialog = await press(root, name, 'recording');
  passSeconds(name === 'screen' ? 246 : 48);
  await shows(dialog, name === 'screen' ? '4:06' : '0:48');
  await found(dialog, '.vd-recording-size');
  return dialog;
}

async function shows(dialog: HTMLElement, time: string): Promise<void> {
  while (!dialog.querySelector('[role="timer"]')?.textContent.includes(time))
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
}

export const CameraCountdown: Story = {
  play: async ({ canvasElement }) => {
    standIn(streamWithSound);
    (await found(canvasElement, source('camera'))).click();
    const dialog = await found(canvasElement, '[data-phase="ready"]');
    const select = await found(dialog, '.vd-select');
    // As React hears it.
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value')?.set?.call(select, '3');
    select.dispatchEvent(new Event('change', { bubbles: true }));
    // The digit stays.
    const { setTimeout } = globalThis;
    globalThis.setTimeout = ((run: () => void, delayMs?: number) =>
      delayMs === 1000 ? 0 : setTimeout(run, delayMs)) as typeof globalThis.setTimeout;
    (await found(dialog, '.vd-recording-button')).click();
    await found(canvasElement, '[data-phase="countdown"]');
    globalThis.setTimeout = setTimeout;
  },
};

export const CameraRecording: Story = {
  ...aRecording('recording'),
  play: async ({ canvasElement }) => {
    await record(canvasElement, 'camera');
  },
};

export const CameraPaused: Story = {
  ...aRecording('paused'),
  play: async ({ canvasElement }) => {
    const dialog = await record(canvasElement, 'camera');
    (await found(dialog, '[data-icon-only][aria-label="Pause"]')).click();
    await found(canvasElement, '[data-phase="paused"]');
  },
};

export const CameraSaving: Story = {
  ...aRecording('saving'),
  play: async ({ canvasElement }) => {
    recorderWritesBytes(12e6);
    standIn(stillStream);
    const dialog = await press(canvasElement, 'camera', 'recording');
    await found(dialog, '.vd-recording-size');
    // The file that is made of it does not come to its end. The seconds that it is made of do, or it would be given up.
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = function (this: FileSystemFileHandle, ...options) {
      const isWhole = this.name.startsWith('recording.');
      return isWhole ? new Promise(() => {}) : createWritable.apply(this, options);
    };
    (await found(dialog, '.vd-recording-button')).click();
    await found(canvasElement, '[data-phase="saving"]');
  },
};

export const CameraMissing: Story = {
  play: async ({ canvasElement }) => {
    standIn(() => Promise.reject(new DOMException('', 'NotFoundError')));
    (await found(canvasElement, source('camera'))).click();
    await found(canvasElement, '[data-phase="problem"]');
  },
};

export const ScreenRecording: Story = {
  ...aRecording('screen-recording'),
  play: async ({ canvasElement }) => {
    await record(canvasElement, 'screen');
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
