import type { UploadSnapshot } from '../../engine/index.js';
import { extensionOf } from './split-name.js';

/**
 * The diagnostics of a failure for support, as JSON: codes, request ids, times and sizes. No name of the file, no
 * address, no ticket and no key.
 */
export function diagnosticsOf(upload: UploadSnapshot, now: number): string {
  const {
    id,
    status,
    error,
    mediaId,
    sizeBytes,
    sentBytes,
    checkedBytes,
    contentType,
    isResumed,
    cleanup,
    addedAt,
    fileName,
  } = upload;
  return JSON.stringify(
    {
      at: new Date(now).toISOString(),
      upload: {
        id,
        status,
        mediaId,
        sizeBytes,
        sentBytes,
        checkedBytes,
        contentType,
        extension: extensionOf(fileName),
        isResumed,
        cleanup,
        addedAt: new Date(addedAt).toISOString(),
      },
      error: error && {
        code: error.code,
        detail: error.detail && withoutAddresses(error.detail),
        status: error.status,
        partNumber: error.partNumber,
        attempts: error.attempts,
        vendorCode: error.vendor?.code,
        vendorRequestId: error.vendor?.requestId,
      },
    },
    null,
    2,
  );
}

/** The engine keeps secrets out of `detail`; this is for details that a cloud has worded itself. */
function withoutAddresses(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '[address]');
}
