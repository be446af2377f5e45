// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { UploaderRoot } from '../components/uploader-root.js';
import { UploaderProvider } from '../provider.js';
import { RecorderDialog } from './recorder-dialog.js';
import { openRecordings, type RecordingFiles, type RecordingFolder } from './recording-files.js';

vi.mock('./recording-files.js', async (load) => ({ ...(await load<object>()), openRecordings: vi.fn() }));

beforeAll(() => {
  vi.stubGlobal('MediaRecorder', { isTypeSupported: () => true });
});
afterEach(cleanup);

it('opens a recording of an earlier visit in StrictMode, which mounts twice', async () => {
  const info = {
    id: 'one',
    mimeType: 'video/webm',
    startedAt: 0,
    fileName: 'recording.webm',
    durationSeconds: 3,
  };
  let isHeld = false;
  const take = async () => {
    await Promise.resolve();
    if (isHeld) return undefined;
    isHeld = true;
    return {
      info,
      read: () => Promise.resolve(new Blob(['film'], { type: 'video/webm' })),
      release: () => {
        isHeld = false;
      },
    } as Partial<RecordingFolder> as RecordingFolder;
  };
  vi.mocked(openRecordings).mockResolvedValue({ take } as Partial<RecordingFiles> as RecordingFiles);
  const onClose = vi.fn();
  render(
    <StrictMode>
      <UploaderProvider uploader={createFakeUploader()} sources={['camera']}>
        <UploaderRoot>
          <RecorderDialog
            source={{ kind: 'review', recording: { info, durationSeconds: 3, sizeBytes: 4, isWhole: true } }}
            onClose={onClose}
          />
        </UploaderRoot>
      </UploaderProvider>
    </StrictMode>,
  );
  await screen.findByRole('button', { name: 'Use recording' });
  expect(onClose).not.toHaveBeenCalled();
});
