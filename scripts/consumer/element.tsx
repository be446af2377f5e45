// A React page with the element, typed.
import 'vodrop/element/react';
import type { VodropUploaderElement } from 'vodrop/element';

export const element: VodropUploaderElement | null = document.querySelector('vodrop-uploader');
element?.addEventListener('vodrop-ready', ({ detail: { upload } }) => upload.mediaId?.length);

export const page = (
  <vodrop-uploader
    endpoint="/api/uploads"
    provider="s3"
    maxSize="2GB"
    required
    headers={() => ({ 'x-csrf': '1' })}
    onvodrop-error={({ detail: { error } }) => error.code satisfies string}
  />
);

// @ts-expect-error A number of files is a number.
export const wrong = <vodrop-uploader maxFiles={true} />;
