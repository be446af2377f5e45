import type { UploadErrorCode } from '../../src/engine/index.js';

/** For the developer: what causes a code, and where to look. `error.detail` has what is known of the one case. */
export const errorCauses: Record<UploadErrorCode, string> = {
  'invalid-request':
    'Page and endpoint have different versions, or an option has a value that the provider does not take. `detail` names the field.',
  unauthorized:
    '`authorize` answered null: the session did not arrive. Send cookies (`credentials="include"` for another origin) or `headers`.',
  forbidden:
    '`authorize` or `mayUse` refused the call, or the page has an origin that `allowedOrigins` does not list.',
  'ticket-expired': 'The upload took longer than `ticketLifetimeMs`, 7 days by default.',
  'ticket-invalid':
    'The `secret` changed, or instances behind one address have different ones. Rotate with `[old, new]`.',
  'ticket-foreign':
    'Another person began the upload or added the file. Give the widget a `scope` for each person, or set `handsOver` of the caller.',
  'link-refused':
    'The link is no public https address, has a port or a type that is not imported, or `imports.allow` refused it. `detail` says which.',
  'import-failed':
    'The cloud could not pull the file: the link has expired, needs a sign-in, or is a page instead of a file. `error.vendor` has its code.',
  'import-lost':
    'The answer of the cloud to the import was lost, and its service does not name the import again. The video may be in its library.',
  'rate-limited':
    '`limits`, `mayStart` or a rate limit in front of the endpoint. The widget waits for `retryAfterMs` and repeats.',
  'quota-exceeded': '`mayStart` answered `quotaExceeded`, or `bytesPerDay` is used up.',
  'not-found':
    'The last segment of the address is no operation: mount the endpoint so that `<endpoint>/start` reaches it.',
  'method-not-allowed':
    'Something changed the method: the endpoint takes POST, and a redirect makes GET of it.',
  'payload-too-large': '`maxBodyBytes`, or the limit of a proxy.',
  'provider-unknown': '`provider` of the page is the `id` of none of the endpoint’s `providers`.',
  'file-refused': 'Extension, size or name are not what provider or `limits` take; `detail` says which.',
  'vendor-credentials':
    'The keys of the endpoint are wrong, expired or without the right for this call: `npx vodrop doctor`.',
  'vendor-refused': 'The cloud refused the call; `vendor.code` and `vendor.requestId` are its own.',
  'vendor-throttled': 'The cloud’s rate limit. The widget waits and repeats.',
  'vendor-unavailable': 'The cloud did not answer, or answered 5xx. The widget waits and repeats.',
  'vendor-invalid-reply':
    'Something between endpoint and cloud answers in its place, such as a proxy; or a wrong `endpoint` of the provider.',
  'media-not-found': 'The media was deleted at the cloud meanwhile.',
  'media-forbidden': 'The keys of the endpoint may not read this media.',
  'media-state-conflict': 'The media is in a state in which the cloud does not do this; `detail` names it.',
  'upload-not-found':
    'The store discarded the multipart upload, for example by a lifecycle rule: let it be older than `abandonAfterMs`.',
  'not-supported': 'The provider cannot do this; `capabilities` says what it can.',
  internal: 'An exception in the endpoint or in one of its hooks: `onError` of the endpoint has it.',
  'file-changed': 'The file was written to during the upload.',
  'file-unreadable':
    'Moved, deleted, or on a disk that is gone. The upload waits, and `replaceFile` gives it the file again.',
  'headers-invalid':
    '`headers` answered what no request can carry: a value with a line break or a character above U+00FF, or no headers at all. `detail` names the header; trim and encode its value.',
  'endpoint-unreachable':
    'No answer although the browser is online: wrong host, CORS of an endpoint on another origin (`allowedOrigins`), `connect-src`, a filter or an extension.',
  'endpoint-invalid-reply':
    'The answer is not of this protocol: an HTML page (404, sign-in, error of a proxy) in place of the endpoint.',
  'store-unreachable':
    'The bucket’s CORS rule does not name the page, `connect-src` does not name the store, or a filter blocks it. The console says which.',
  'store-refused':
    'Wrong secret key of the endpoint, a clock that is wrong by minutes, or headers that the CORS rule does not allow. `status` and `vendor.code` are the store’s.',
  'store-unavailable': 'The store kept answering 5xx or 429 for `retry.patienceMs`.',
  'checksum-mismatch': 'Parts arrive damaged: a proxy that changes bodies, or memory that is defective.',
  'parts-differ': 'Something else writes to the same multipart upload.',
  'tab-closed': 'The browser refuses storage or locks, so that no other tab could go on.',
  'media-failed': 'The cloud could not process the video; `detail` has its reason.',
  'code-unavailable':
    'A deploy removed a chunk of the page that is open. Keep the chunks of the last build for a while.',
};
