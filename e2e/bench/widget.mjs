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
  createElement(Uploader, { endpoint: '/api', provider: 'bench', autoStart: false }),
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

window.bench = {
  async add(count) {
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
    const wanted = new Intl.NumberFormat('en').format(count);
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

function until(condition) {
  return new Promise((resolve) => {
    const look = () => (condition() ? resolve() : requestAnimationFrame(look));
    look();
  });
}
