import type { UploadErrorCode } from '../../engine/index.js';
import type { FailureText } from './params.js';

/** What happened, and what you can do. What was tried and kept stands between the two; see `triedAndKept`. */
export const errors: Record<UploadErrorCode, FailureText> = {
  // The person's own file
  'file-changed': {
    what: 'The file changed on your disk during the upload.',
    kept: 'Nothing from the old version was mixed in.',
    todo: 'Choose the file again to upload it as it is now.',
  },
  'file-unreadable': {
    what: 'The file can no longer be read.',
    kept: 'It may have been moved, renamed or deleted, or its disk was removed.',
    todo: 'Choose the file again from where it is now.',
  },
  'file-refused': {
    what: 'The video service does not accept this file.',
    kept: 'Nothing was stored.',
    todo: 'Check its type, size and name, or send the details to support.',
  },

  // A link
  'link-refused': {
    what: 'This link cannot be used.',
    kept: 'Nothing was stored.',
    todo: 'Use a public https link to the video file itself.',
  },
  'import-failed': {
    what: 'The cloud could not get the video from this link.',
    kept: 'Nothing was stored.',
    todo: 'Check that the link opens without signing in and has not expired, then add it again.',
  },
  'import-lost': {
    what: 'The cloud took the link, but its answer was lost.',
    kept: 'The video may arrive all the same.',
    todo: 'Look in the media library before you add the link again.',
  },

  // The page itself
  'code-unavailable': {
    what: 'Part of this page could not be loaded.',
    todo: 'Reload the page. What was uploaded is saved.',
  },
  'tab-closed': {
    what: 'The tab that was uploading this video was closed.',
    todo: 'Add the file again if the video is missing.',
  },

  // The way to the endpoint and the store
  'headers-invalid': {
    what: 'This page cannot send its requests to the upload service.',
    todo: 'Reload the page and retry, or send the details to support.',
  },
  'endpoint-unreachable': {
    what: 'The upload service could not be reached.',
    todo: 'Check that no network filter or browser extension blocks it, then retry.',
  },
  'endpoint-invalid-reply': {
    what: 'The upload service sent a response that cannot be read.',
    todo: 'Retry in a few minutes, or send the details to support.',
  },
  'store-unreachable': {
    what: 'The storage could not be reached.',
    todo: 'Check that no network filter or browser extension blocks it, then retry.',
  },
  'store-refused': {
    what: 'The storage refused part of the file.',
    todo: 'Retry, or send the details to support.',
  },
  'store-unavailable': {
    what: 'The storage is not available at the moment.',
    todo: 'Retry in a few minutes.',
  },
  'checksum-mismatch': {
    what: 'Part of the file kept arriving damaged.',
    todo: 'Try another network, then retry. A proxy or security program may be altering uploads.',
  },
  'parts-differ': {
    what: 'What is stored differs from what was sent.',
    todo: 'Retry: only what differs is sent again.',
  },

  // The endpoint's own answers
  unauthorized: { what: 'You are signed out.', todo: 'Sign in again, then retry.' },
  forbidden: {
    what: 'Your account is not allowed to upload here.',
    todo: 'Ask the owner of this page for access, then retry.',
  },
  'rate-limited': { what: 'Too many uploads in a short time.', todo: 'Retry in a few minutes.' },
  'quota-exceeded': {
    what: 'Your account has reached its upload limit.',
    kept: 'Nothing was stored.',
    todo: 'Ask the owner of this page for a higher limit, then retry.',
  },
  'ticket-expired': {
    what: 'This upload waited too long, and its permission expired.',
    kept: 'What was uploaded so far can no longer be used.',
    todo: 'Retry to start over.',
  },
  'ticket-invalid': {
    what: 'The upload service no longer recognizes this upload.',
    kept: 'What was uploaded so far can no longer be used.',
    todo: 'Retry to start over.',
  },
  'ticket-foreign': {
    what: 'This upload was started by another account.',
    kept: 'What was uploaded stays with that account.',
    todo: 'Sign in with that account, or retry to start over with yours.',
  },
  'invalid-request': {
    what: 'The upload service did not understand this page.',
    todo: 'Reload the page and retry, or send the details to support.',
  },
  'not-found': {
    what: 'The upload service is not where this page expects it.',
    todo: 'Send the details to support.',
  },
  'method-not-allowed': {
    what: 'The upload service does not offer what this page asked for.',
    todo: 'Send the details to support.',
  },
  'payload-too-large': {
    what: 'The upload service refused a message because it is too long.',
    todo: 'Send the details to support.',
  },
  'provider-unknown': {
    what: 'The upload service does not know where to store this file.',
    kept: 'Nothing was stored.',
    todo: 'Send the details to support.',
  },
  'not-supported': {
    what: 'The upload service cannot do this for the chosen cloud.',
    todo: 'Send the details to support.',
  },
  internal: {
    what: 'Something went wrong in the upload service.',
    todo: 'Retry in a few minutes, or send the details to support.',
  },

  // The cloud behind the endpoint
  'vendor-credentials': {
    what: 'The cloud does not accept the keys of this service.',
    todo: 'Send the details to support: only the site’s operator can fix this.',
  },
  'vendor-refused': {
    what: 'The cloud refused this upload.',
    todo: 'Retry, or send the details to support.',
  },
  'vendor-throttled': { what: 'The cloud is too busy.', todo: 'Retry in a few minutes.' },
  'vendor-unavailable': {
    what: 'The cloud is not available at the moment.',
    todo: 'Retry in a few minutes.',
  },
  'vendor-invalid-reply': {
    what: 'The cloud sent a response that cannot be read.',
    todo: 'Retry in a few minutes, or send the details to support.',
  },
  'media-not-found': {
    what: 'The cloud no longer knows this upload.',
    kept: 'It may have been deleted there.',
    todo: 'Retry to start over.',
  },
  'media-forbidden': {
    what: 'The cloud does not give the upload service access to this upload.',
    todo: 'Send the details to support: only the site’s operator can fix this.',
  },
  'media-state-conflict': {
    what: 'The cloud has closed this upload.',
    kept: 'It was confirmed, canceled or changed elsewhere.',
    todo: 'Check the media library, or retry to start over.',
  },
  'upload-not-found': {
    what: 'The storage has deleted what was uploaded.',
    kept: 'Unfinished uploads are stored there for a limited time only.',
    todo: 'Retry to start over.',
  },
  'media-failed': {
    what: 'The file arrived, but the cloud could not process it.',
    kept: 'It may be damaged or use a format the cloud does not read.',
    todo: 'Check that it plays, export it again, then upload the new file.',
  },
};
