import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState, type ReactNode } from 'react';
import { UploaderProvider, useUploadFile } from '../../src/react/index.js';
import { createFakeUploader } from '../../src/testing/index.js';

const meta: Meta = { title: 'Headless' };
export default meta;

function Form(): ReactNode {
  const { upload, progress, isPending, isSuccess, isError, error, reset, variables } = useUploadFile();
  return (
    <form style={{ display: 'grid', gap: 12, justifyItems: 'start' }}>
      <label>
        Video{' '}
        <input
          type="file"
          accept="video/*"
          onChange={({ currentTarget: { files } }) => {
            if (files?.[0]) upload(files[0]);
          }}
        />
      </label>
      {isPending && <progress aria-label={`Uploading ${variables?.name ?? ''}`} value={progress} />}
      {isSuccess && <p>It is there.</p>}
      {isError && (
        <p role="alert">
          {error?.message}{' '}
          <button type="button" onClick={reset}>
            Try another
          </button>
        </p>
      )}
    </form>
  );
}

function Page(): ReactNode {
  const [fake] = useState(() => createFakeUploader());
  return (
    <UploaderProvider uploader={fake}>
      <Form />
    </UploaderProvider>
  );
}

export const OneFile: StoryObj = { render: () => <Page /> };
