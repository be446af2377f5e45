// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { UploadSnapshot } from '../engine/index.js';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader } from './index.js';

beforeAll(async () => {
  await uploadComponents.load();
});
afterEach(cleanup);

const source = { type: 'link', host: 'media.example.com' } as const;
const anImport = (fields: Partial<UploadSnapshot>) =>
  anUpload({ source, sizeBytes: 0, sentBytes: 0, status: 'importing', ...fields });
const total = () => {
  const element = document.querySelector('[data-vodrop="total"]');
  return {
    text: (element?.textContent ?? '').replace(/[\u00a0\u202f]/g, ' '),
    percent: element?.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow'),
  };
};
const show = (...uploads: UploadSnapshot[]) =>
  render(<Uploader uploader={createFakeUploader({ uploads })} />);

it('the total counts an import by what the cloud says it has of a size it says', () => {
  show(
    anImport({ sizeBytes: 4e9, importing: { state: 'running', percent: 50 } }),
    anUpload({ status: 'uploading', sizeBytes: 4e9, sentBytes: 1e9, storedBytes: 1e9 }),
  );
  expect(total().text).toContain('3.0 of 8.0 GB');
  expect(total().percent).toBe('37');
});

it('the total says how many imports it does not count, because their size is not told', async () => {
  show(
    anImport({ importing: { state: 'running' } }),
    anUpload({ status: 'uploading', sizeBytes: 4e9, sentBytes: 1e9, storedBytes: 1e9 }),
  );
  await screen.findByText('1 of unknown size');
  expect(total().text).toContain('1.0 of 4.0 GB');
  expect(total().percent).toBe('25');
});

it('the total of imports alone names no bytes while none are known, and goes by per cent', async () => {
  show(
    anImport({ importing: { state: 'running', percent: 60 } }),
    anImport({ importing: { state: 'waiting' } }),
  );
  await screen.findByText('2 of unknown size');
  expect(total().text).not.toMatch(/bytes|0 of/);
  expect(total().percent).toBe('30');
});

it('the total of imports that are ready says their size, and nothing where it is not known', () => {
  show(anImport({ status: 'ready', sizeBytes: 4e9 }));
  expect(total().text).toContain('4 GB');
  cleanup();
  show(anImport({ status: 'ready' }));
  expect(total().text).not.toMatch(/byte|kB/);
});

it('links that wait for the start have no size', async () => {
  show(anImport({ status: 'queued', isNotStarted: true }));
  await screen.findByText('1 of unknown size');
  expect(total().text).not.toContain('bytes');
});

it.each([
  { status: 'paused' },
  { status: 'preparing', waiting: { for: 'network' } },
  { status: 'preparing', waiting: { for: 'sign-in' } },
  { status: 'ready' },
] as const)('a row names no bytes of an import that are not known: $status', (fields) => {
  show(anImport(fields));
  const row = document.querySelector('[data-vodrop="upload"] .vd-status-line');
  expect(row?.textContent).not.toMatch(/byte|kB|%/);
});
