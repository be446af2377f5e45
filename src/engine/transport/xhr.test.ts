import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { NoReplyError } from './transport.js';
import { xhrPut } from './xhr.js';

/** As much of an XMLHttpRequest as a PUT uses, answered by hand. */
class HandDrivenXhr {
  static latest: HandDrivenXhr;
  readonly upload: { onprogress: ((event: { loaded: number }) => void) | null; onload: (() => void) | null } =
    { onprogress: null, onload: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  status = 0;
  responseText = '';
  isAborted = false;
  open = vi.fn();
  setRequestHeader = vi.fn();
  send = vi.fn();

  constructor() {
    HandDrivenXhr.latest = this;
  }

  abort(): void {
    this.isAborted = true;
  }

  getAllResponseHeaders(): string {
    return 'etag: "abc"\r\nx-any-request-id: 7\r\n';
  }
}

const blob = new Blob([new Uint8Array(100)]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('XMLHttpRequest', HandDrivenXhr);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function put(body: Blob | ArrayBuffer = blob) {
  const outcome: { stalled?: boolean; status?: number; sent: number[] } = { sent: [] };
  xhrPut({ url: 'https://store.test/', headers: {} }, body, {
    signal: new AbortController().signal,
    onProgress: (bytes) => outcome.sent.push(bytes),
  }).then(
    ({ status }) => {
      outcome.status = status;
    },
    (error: NoReplyError) => {
      outcome.stalled = error.isStall;
    },
  );
  return { outcome, xhr: HandDrivenXhr.latest };
}

it('sends bytes without listening to their progress, and gives up after a minute without an answer', async () => {
  const bytes = new ArrayBuffer(100);
  const { outcome, xhr } = put(bytes);
  expect(xhr.send).toHaveBeenCalledWith(bytes);
  expect(xhr.upload).toEqual({ onprogress: null, onload: null });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(outcome).toEqual({ sent: [] });
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.stalled).toBe(true);
  expect(xhr.isAborted).toBe(true);
});

it('gives up when no byte moves for half a minute, however many have', async () => {
  const { outcome, xhr } = put();
  await vi.advanceTimersByTimeAsync(29_000);
  xhr.upload.onprogress?.({ loaded: 50 });
  await vi.advanceTimersByTimeAsync(29_000);
  expect(outcome).toEqual({ sent: [50] });
  await vi.advanceTimersByTimeAsync(1000);
  expect(outcome.stalled).toBe(true);
  expect(xhr.isAborted).toBe(true);
});

it('gives up as soon on a part that the system took at once and that never arrives', async () => {
  const { outcome, xhr } = put();
  xhr.upload.onprogress?.({ loaded: 100 });
  xhr.upload.onload?.();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(outcome.stalled).toBe(true);
});

it('waits longer for the reply where the line was slow, but not for ever', async () => {
  const slow = put();
  for (const loaded of [30, 60, 90]) {
    await vi.advanceTimersByTimeAsync(10_000);
    slow.xhr.upload.onprogress?.({ loaded });
  }
  slow.xhr.upload.onprogress?.({ loaded: 100 });
  slow.xhr.upload.onload?.();
  await vi.advanceTimersByTimeAsync(89_000);
  expect(slow.outcome.stalled).toBeUndefined();
  slow.xhr.status = 200;
  slow.xhr.onload?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(slow.outcome.status).toBe(200);

  const silent = put();
  for (let loaded = 1; loaded <= 100; loaded += 1) {
    await vi.advanceTimersByTimeAsync(10_000);
    silent.xhr.upload.onprogress?.({ loaded });
  }
  await vi.advanceTimersByTimeAsync(119_000);
  expect(silent.outcome.stalled).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1000);
  expect(silent.outcome.stalled).toBe(true);
});
