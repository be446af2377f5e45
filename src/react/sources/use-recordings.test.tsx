// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { UploaderProvider } from '../provider.js';
import { openRecordings, type RecordingFiles } from './recording-files.js';
import { useRecordings } from './use-recordings.js';

vi.mock('./recording-files.js', async (load) => ({ ...(await load<object>()), openRecordings: vi.fn() }));

afterEach(cleanup);

function Offered(): ReactNode {
  return useRecordings().offered.map(({ info: { id } }) => <p key={id}>{id}</p>);
}

it('shows no recording of one person to the next, also while theirs are not read', async () => {
  const list = () =>
    Promise.resolve([
      {
        info: { id: 'of anna', mimeType: 'video/webm', startedAt: 0 },
        ...{ durationSeconds: 3, sizeBytes: 1000, isWhole: true },
      },
    ]);
  vi.mocked(openRecordings).mockImplementation((scope) =>
    scope === 'anna'
      ? Promise.resolve({ list } as Partial<RecordingFiles> as RecordingFiles)
      : new Promise(() => undefined),
  );
  const uploader = createFakeUploader();
  const person = (scope: string) => (
    <UploaderProvider uploader={uploader} scope={scope}>
      <Offered />
    </UploaderProvider>
  );
  const { rerender } = render(person('anna'));
  await screen.findByText('of anna');
  rerender(person('ben'));
  expect(screen.queryByText('of anna')).toBeNull();
});
