// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { UploadSnapshot } from '../engine/index.js';
import { anUpload, createFakeUploader } from '../testing/index.js';
import { uploadComponents } from './components/lazy.js';
import { Uploader } from './index.js';

beforeAll(() => uploadComponents.load());
afterEach(cleanup);

const safe: Partial<UploadSnapshot> = {
  status: 'uploading',
  sizeBytes: 1e9,
  sentBytes: 7e8,
  storedBytes: 6.3e8,
  partCount: 100,
  isFileKept: true,
};
const show = (...parts: Partial<UploadSnapshot>[]) =>
  render(<Uploader uploader={createFakeUploader({ uploads: parts.map((one) => anUpload(one)) })} />);
const text = (element: Element | null) => (element?.textContent ?? '').replace(/[\u00a0\u202f]/g, ' ');

it('says that an upload is safe to close, and from which stored percent it resumes', () => {
  show(safe);
  const button = screen.getByRole('button', { name: 'Safe to close' });
  const tip = document.getElementById(button.getAttribute('aria-describedby') ?? '');
  expect(text(tip)).toBe('Safe to close630 MB stored · resumes at 63%');
});

it.each<[string, Partial<UploadSnapshot>]>([
  ['whose file has to be chosen again', { isFileKept: false }],
  ['whose file is not known to be kept', { isFileKept: undefined }],
  ['of one part, which begins anew', { partCount: 1 }],
  ['with nothing stored', { storedBytes: 0 }],
  ['that another tab sends', { owner: 'other' }],
  ['that waits for its file', { waiting: { for: 'file' } }],
  ['that is being confirmed', { status: 'confirming' }],
])('does not say so of an upload %s', (_what, parts) => {
  show({ ...safe, ...parts });
  expect(screen.queryByRole('button', { name: 'Safe to close' })).toBeNull();
});

it('does not say so in row or total once the browser stores nothing any more', () => {
  const uploader = createFakeUploader({ uploads: [anUpload(safe)], canResumeAfterReload: false });
  render(<Uploader uploader={uploader} />);
  expect(screen.queryByRole('button', { name: 'Safe to close' })).toBeNull();
  expect(text(document.querySelector('[data-vodrop="total"]'))).not.toContain('Safe to close');
});

it('says so in the total only where it is true of all unfinished uploads', () => {
  const total = () => text(document.querySelector('[data-vodrop="total"]'));
  show(safe, { ...safe, status: 'paused' });
  expect(total()).toContain('Safe to close · resumes at 63%');
  cleanup();
  show(safe, { status: 'queued' });
  expect(total()).not.toContain('Safe to close');
});
