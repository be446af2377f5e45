import { copyFileSync, rmSync, statSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { films, probe } from './support/films.js';
import { md5Of } from './support/media.js';
import { savePlayed } from './support/played.js';
import { expect, test } from './support/test.js';

/*
 * What fails outside of the page's code while a film is shrunk. Decoders, encoders and files are those of the browser
 * until they fail.
 */

const note = (page: Page) => page.locator('[data-vodrop="shrink-note"]');
const copies = (page: Page) => page.locator('[data-vodrop="copy"]');

/** Runs in the worker before its own code. Private fields would be compiled to helpers that are not there. */
async function withFault(page: Page, fault: () => void): Promise<void> {
  await page.route(/media-worker/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${fault.toString()})();\n${await response.text()}` });
  });
}

/** 100 pictures, a key frame each 25. */
const film = films.heavy;

const passing = {
  'the browser takes the decoder back twice': () => {
    let times = 0;
    self.VideoDecoder = class extends VideoDecoder {
      constructor(init: VideoDecoderInit) {
        let frames = 0;
        super({
          ...init,
          output: (frame) => {
            init.output(frame);
            if ((frames += 1) < 40 || times === 2) return;
            times += 1;
            this.close();
            init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
          },
        });
      }
    };
  },
  'the decoder crashes once': () => {
    let hasFailed = false;
    self.VideoDecoder = class extends VideoDecoder {
      constructor(init: VideoDecoderInit) {
        super({
          ...init,
          output: (frame) => {
            init.output(frame);
            if (frame.timestamp < 1.5e6 || hasFailed) return;
            hasFailed = true;
            this.close();
            init.error(new DOMException('the process of the GPU has crashed', 'EncodingError'));
          },
        });
      }
    };
  },
  'the browser takes the encoder back with pictures in it': () => {
    let hasFailed = false;
    const inits = new WeakMap<VideoEncoder, VideoEncoderInit>();
    self.VideoEncoder = class extends VideoEncoder {
      constructor(init: VideoEncoderInit) {
        super(init);
        inits.set(this, init);
      }

      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        super.encode(frame, options);
        if (frame.timestamp < 1.5e6 || hasFailed) return;
        hasFailed = true;
        this.close();
        inits.get(this)?.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
      }
    };
  },
  'its drive wakes up and refuses two reads meanwhile': () => {
    let reads = 0;
    const read = Blob.prototype.arrayBuffer;
    Blob.prototype.arrayBuffer = function () {
      reads += 1;
      if (reads === 20 || reads === 21)
        return Promise.reject(new DOMException('the device is not ready', 'NotReadableError'));
      return read.call(this);
    };
  },
  'a promise is rejected that nothing waits for': () => {
    let frames = 0;
    self.VideoEncoder = class extends VideoEncoder {
      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        super.encode(frame, options);
        if ((frames += 1) === 30) void Promise.reject(new TypeError('by the test'));
      }
    };
  },
};

for (const [what, fault] of Object.entries(passing))
  test(`a film is shrunk whole although ${what}`, async ({ page, widget, sandbox }, testInfo) => {
    await withFault(page, fault);
    await widget.open('&shrink=always&maxHeight=360');
    await widget.pick(film());
    await widget.expectStatus('ready');
    await expect(note(page)).toHaveCount(0);
    const after = probe(await savePlayed(page, widget, testInfo));
    expect([after.width, after.height]).toEqual([640, 360]);
    expect(after.pictures).toBe(probe(film()).pictures);
    expect(after.complaints).toBe('');
    expect(await sandbox.objects()).toHaveLength(1);
  });

const lasting = {
  'the decoder fails at the same picture again and again': () => {
    self.VideoDecoder = class extends VideoDecoder {
      constructor(init: VideoDecoderInit) {
        super({
          ...init,
          output: (frame) => {
            init.output(frame);
            if (frame.timestamp < 1.5e6) return;
            this.close();
            init.error(new DOMException('it cannot be decoded', 'EncodingError'));
          },
        });
      }
    };
  },
  'the browser takes the decoder back each time before its first picture': () => {
    self.VideoDecoder = class extends VideoDecoder {
      constructor(init: VideoDecoderInit) {
        super({
          ...init,
          output: (frame) => {
            frame.close();
            this.close();
            init.error(new DOMException('Codec reclaimed due to inactivity.', 'QuotaExceededError'));
          },
        });
      }
    };
  },
  'the encoder fails in the middle': () => {
    const inits = new WeakMap<VideoEncoder, VideoEncoderInit>();
    self.VideoEncoder = class extends VideoEncoder {
      constructor(init: VideoEncoderInit) {
        super(init);
        inits.set(this, init);
      }

      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        super.encode(frame, options);
        if (frame.timestamp < 1.5e6) return;
        this.close();
        inits.get(this)?.error(new DOMException('the process of the GPU has crashed', 'EncodingError'));
      }
    };
  },
  'the worker crashes': () => {
    let frames = 0;
    self.VideoEncoder = class extends VideoEncoder {
      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        super.encode(frame, options);
        if ((frames += 1) === 30)
          setTimeout(() => {
            throw new Error('by the test');
          });
      }
    };
  },
  'the worker ends without a word': () => {
    let frames = 0;
    self.VideoEncoder = class extends VideoEncoder {
      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        super.encode(frame, options);
        if ((frames += 1) === 30) self.close();
      }
    };
  },
  'a promise is rejected that nothing waits for, and no picture follows': () => {
    let frames = 0;
    self.VideoEncoder = class extends VideoEncoder {
      override encode(frame: VideoFrame, options?: VideoEncoderEncodeOptions): void {
        if ((frames += 1) < 30) super.encode(frame, options);
        else if (frames === 30) void Promise.reject(new TypeError('by the test'));
      }

      override flush(): Promise<void> {
        return frames < 30 ? super.flush() : new Promise(() => undefined);
      }
    };
  },
  'the copy cannot be written': () => {
    const { write } = FileSystemSyncAccessHandle.prototype;
    FileSystemSyncAccessHandle.prototype.write = function (...args) {
      if (this.getSize() > 0) throw new DOMException('the disk does not answer', 'InvalidStateError');
      return write.apply(this, args);
    };
  },
};

for (const [what, fault] of Object.entries(lasting))
  // It is written a megabyte at a time, so that a copy of a short film is written at once.
  test(`the original is sent, not for want of space, where ${what}`, async ({ page, widget, sandbox }) => {
    await withFault(page, fault);
    await widget.open('&shrink=always&maxHeight=360');
    await widget.pick(films.long());
    await expect(note(page)).toContainText('It was stopped before it was done.');
    await widget.expectStatus('ready');
    expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.long())]);
    await expect(copies(page)).toHaveCount(0);
  });

test('the original is sent where there is no space left in the middle of its copy, and that is said', async ({
  page,
  widget,
  sandbox,
}) => {
  await widget.open('&shrink=always&maxHeight=360');
  // The estimate of the browser is too high: other pages and programs write as well.
  await page.evaluate(() => {
    navigator.storage.estimate = () => Promise.resolve({ quota: 1e12, usage: 0 });
  });
  const client = await page.context().newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(page.url()).origin,
    quotaSize: 1.2e6,
  });
  await widget.pick(films.long());
  await expect(note(page)).toContainText('no space for a copy');
  await widget.expectStatus('ready');
  expect((await sandbox.objects()).map(({ md5Hex }) => md5Hex)).toEqual([md5Of(films.long())]);
});

test('of a film that is removed while it is shrunk, nothing is stored, and it is said that it cannot be read', async ({
  page,
  widget,
  sandbox,
}, testInfo) => {
  const removed = testInfo.outputPath('removed.mp4');
  copyFileSync(films.long(), removed);
  await widget.open('&shrink=always&maxHeight=360');
  await widget.pick(removed);
  await expect(copies(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  rmSync(removed);
  await expect(note(page)).toContainText('It was stopped before it was done.');
  await expect(widget.rejections).toContainText('Cannot be read');
  await expect(copies(page)).toHaveCount(0);
  await widget.pick(film());
  await widget.expectStatus('ready');
  const objects = await sandbox.objects();
  expect(objects.map(({ size }) => size < statSync(film()).size / 2)).toEqual([true]);
});

test('a tab that is frozen while it shrinks goes on when it is shown again', async ({
  page,
  widget,
}, testInfo) => {
  await widget.open('&shrink=always&maxHeight=360');
  await widget.pick(films.long());
  await expect(copies(page).getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setWebLifecycleState', { state: 'frozen' });
  await client.send('Page.setWebLifecycleState', { state: 'active' });
  await widget.expectStatus('ready');
  await expect(note(page)).toHaveCount(0);
  const after = probe(await savePlayed(page, widget, testInfo));
  expect(after.pictures).toBe(probe(films.long()).pictures);
  expect(after.complaints).toBe('');
});
