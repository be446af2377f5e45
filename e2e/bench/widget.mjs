// Runs in the page: measures the widget with a large number of files.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Uploader } from '../../dist/index.js';
import '../../dist/styles.css';

const longTasks = { longestMs: 0, totalMs: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    longTasks.longestMs = Math.max(longTasks.longestMs, duration);
    longTasks.totalMs += duration;
  }
}).observe({ entryTypes: ['longtask'] });

createRoot(document.getElementById('root')).render(
  createElement(Uploader, {
    endpoint: '/api',
    provider: 'bench',
    autoStart: location.hash !== '',
    shrink: location.hash === '#shrink' ? { when: 'always' } : undefined,
  }),
);

/** Files with the head of an MP4, so that the widget inspects and accepts them. */
function makeFiles(count) {
  const head = new Uint8Array([0, 0, 0, 24, ...new TextEncoder().encode('ftypisom')]);
  return Array.from(
    { length: count },
    (_, index) =>
      new File([head, new Uint8Array([index & 255, index >> 8])], `file-${index}.mp4`, { type: 'video/mp4' }),
  );
}

const total = () => document.querySelector('[data-vodrop="total"]');
/** Of the share that was sent, 0 to 1; the widget draws it four times a second. */
const sent = () => Number(total()?.querySelector('.vd-line')?.style.getPropertyValue('--vd-sent') ?? 0);

window.bench = {
  /** Uploads files, and notes each half second what the line about all uploads says, until all have arrived. */
  async watch(count, sizeBytes) {
    const transfer = new DataTransfer();
    for (const file of makeFiles(count))
      transfer.items.add(new File([file, new Uint8Array(sizeBytes - file.size)], file.name, file));
    const input = document.querySelector('[data-vodrop="uploader"] input[type=file]');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => sent() > 0);
    const started = performance.now();
    const samples = [];
    const timer = setInterval(() => {
      const text = (total()?.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');
      samples.push({ ms: performance.now() - started, text });
    }, 500);
    const arrived = '[data-vodrop="upload"]:is([data-status="ready"], [data-status="processing"])';
    await until(() => document.querySelectorAll(arrived).length === count);
    clearInterval(timer);
    return { samples, ms: performance.now() - started };
  },
  /** A press of a button for all. */
  press: (label, wanted) => press(label, () => shown[wanted]()),
  async watchTasks(wanted) {
    Object.assign(longTasks, { longestMs: 0, totalMs: 0 });
    await until(shown[wanted]);
    await settled();
    return { longestMs: longTasks.longestMs };
  },
  async until(wanted) {
    await until(shown[wanted]);
  },
  /** `before`: how many are in the list already. */
  async add(count, before = 0) {
    const transfer = new DataTransfer();
    for (const file of makeFiles(count)) transfer.items.add(file);
    const input = document.querySelector('[data-vodrop="uploader"] input[type=file]');
    input.files = transfer.files;
    // Earlier tasks do not count.
    await new Promise((resolve) => setTimeout(resolve, 100));
    Object.assign(longTasks, { longestMs: 0, totalMs: 0 });
    const started = performance.now();
    const firstRow = until(() => document.querySelector('[data-vodrop="upload"]')).then(
      () => performance.now() - started,
    );
    input.dispatchEvent(new Event('change', { bubbles: true }));
    const firstRowMs = await firstRow;
    const wanted = new Intl.NumberFormat('en').format(count + before);
    await until(() => document.querySelector('[data-vodrop="total"]')?.textContent?.includes(wanted));
    const allMs = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return {
      firstRowMs,
      allMs,
      ...longTasks,
      rows: document.querySelectorAll('[data-vodrop="upload"]').length,
    };
  },
};

/** Milliseconds until the page shows the outcome of a click on a button of the total, and the longest task meanwhile. */
async function press(label, isShown) {
  await settled();
  const button = [...total().querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === label,
  );
  if (!button) throw new Error(`there is no button "${label}"`);
  Object.assign(longTasks, { longestMs: 0, totalMs: 0 });
  const started = performance.now();
  button.click();
  await until(isShown);
  const ms = performance.now() - started;
  await settled();
  return { ms, longestMs: longTasks.longestMs };
}

/** Nothing has been busy for a moment. */
async function settled() {
  for (let quiet = 0; quiet < 10;) {
    const before = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    quiet = performance.now() - before < 80 ? quiet + 1 : 0;
  }
}

/** What the page shows once a button for all has done its work. */
const shown = {
  paused: () => total()?.dataset.phase === 'paused',
  uploading: () => total()?.dataset.phase === 'uploading',
  canceled: () => !total() || total().dataset.phase === 'idle',
  stopped: () => total()?.dataset.phase === 'ended' && total().dataset.done === undefined,
  ready: () => total()?.dataset.done !== undefined,
  cleared: () => total()?.textContent.includes('Undo'),
  gone: () => document.querySelectorAll('[data-vodrop="upload"]').length === 0,
};

function until(condition) {
  return new Promise((resolve) => {
    const look = () => (condition() ? resolve() : requestAnimationFrame(look));
    look();
  });
}
