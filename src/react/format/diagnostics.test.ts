import { expect, it } from 'vitest';
import { UploadError } from '../../engine/index.js';
import { anUpload } from '../../testing/index.js';
import { diagnosticsOf } from './diagnostics.js';

it('diagnostics contain codes, request ids, times and sizes, and no address or file name', () => {
  const error = new UploadError('store-refused', {
    status: 403,
    partNumber: 7,
    attempts: 6,
    vendor: { code: 'AccessDenied', requestId: 'REQ-1' },
    detail: 'part 7 at https://bucket.example.com/a?X-Sign=secret was refused',
  });
  const text = diagnosticsOf(
    anUpload({ status: 'failed', fileName: 'private wedding.mov', sentBytes: 5, mediaId: 'm-1', error }),
    0,
  );
  expect(JSON.parse(text)).toMatchObject({
    at: '1970-01-01T00:00:00.000Z',
    upload: { status: 'failed', mediaId: 'm-1', sentBytes: 5, extension: '.mov' },
    error: {
      code: 'store-refused',
      status: 403,
      partNumber: 7,
      attempts: 6,
      vendorCode: 'AccessDenied',
      vendorRequestId: 'REQ-1',
    },
  });
  expect(text).not.toMatch(/secret|https|wedding/);
});
