import type { MediaDetails } from '../protocol/index.js';
import type { UploadError } from './errors.js';
import type { Receipt, Waiting } from './types.js';

/** What may be shown of a session; nothing in it authorizes anything. */
export interface PublicSession {
  /** Absent until the service has named the media. */
  readonly mediaId: string | undefined;
  /** Goes on from an earlier visit. */
  readonly isResumed: boolean;
}

type Cleanup = 'none' | 'pending' | 'done' | 'failed';

/** One upload's state. Each variant carries only what is valid in it. */
export type MachineState =
  | { readonly status: 'queued'; readonly session: PublicSession | undefined; readonly sentBytes: number }
  | { readonly status: 'preparing'; readonly checkedBytes: number; readonly waiting: Waiting | undefined }
  | {
      readonly status: 'uploading';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly waiting: Waiting | undefined;
    }
  | { readonly status: 'paused'; readonly session: PublicSession | undefined; readonly sentBytes: number }
  | {
      readonly status: 'confirming';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly waiting: Waiting | undefined;
    }
  | {
      readonly status: 'processing';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly receipt: Receipt | undefined;
      readonly media: MediaDetails | undefined;
    }
  | {
      readonly status: 'ready';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly receipt: Receipt | undefined;
      readonly media: MediaDetails;
    }
  | {
      readonly status: 'failed';
      readonly error: UploadError;
      readonly session: PublicSession | undefined;
      readonly sentBytes: number;
      readonly receipt: Receipt | undefined;
      readonly media: MediaDetails | undefined;
      readonly cleanup: Cleanup;
    }
  | {
      readonly status: 'canceled';
      readonly session: PublicSession | undefined;
      readonly sentBytes: number;
      readonly cleanup: Cleanup;
    };

export type MachineEvent =
  /** The queue grants a place. */
  | { readonly type: 'begin' }
  | { readonly type: 'checked'; readonly bytes: number }
  | { readonly type: 'session'; readonly session: PublicSession; readonly sentBytes: number }
  | { readonly type: 'progress'; readonly sentBytes: number }
  | { readonly type: 'waiting'; readonly waiting: Waiting | undefined }
  /** Every part is at the store. */
  | { readonly type: 'stored' }
  /** The store disagrees about some parts: they are to be sent again. */
  | { readonly type: 'parts-differ'; readonly sentBytes: number }
  | {
      readonly type: 'confirmed';
      readonly receipt: Receipt | undefined;
      readonly mediaId: string | undefined;
    }
  /** News from the media service; `failed` news come as `fail`. */
  | { readonly type: 'media'; readonly media: MediaDetails }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  /** `hasRemains`: the store or the media service may hold something of it. */
  | { readonly type: 'cancel'; readonly hasRemains: boolean }
  | {
      readonly type: 'fail';
      readonly error: UploadError;
      readonly hasRemains: boolean;
      readonly media?: MediaDetails;
    }
  | { readonly type: 'retry' }
  | { readonly type: 'cleaned'; readonly isDone: boolean };

export const initialState: MachineState = { status: 'queued', session: undefined, sentBytes: 0 };

/** The state of an upload of an earlier visit whose bytes are all at the store. */
export function restoredState(
  {
    phase,
    sizeBytes: sentBytes,
    receipt,
  }: { phase: string; sizeBytes: number; receipt?: Receipt | undefined },
  session: PublicSession,
): MachineState {
  return phase === 'processing'
    ? { status: 'processing', session, sentBytes, receipt, media: undefined }
    : { status: 'confirming', session, sentBytes, waiting: undefined };
}

/**
 * The states of one file. Pure: no clock, no network. An event that makes no sense in a status returns the very same
 * state, so that late events of work that was stopped do no harm.
 */
export function transition(state: MachineState, event: MachineEvent): MachineState {
  switch (event.type) {
    case 'begin':
      if (state.status !== 'queued') return state;
      return state.session
        ? { status: 'uploading', session: state.session, sentBytes: state.sentBytes, waiting: undefined }
        : { status: 'preparing', checkedBytes: 0, waiting: undefined };
    case 'checked':
      return state.status === 'preparing' && event.bytes !== state.checkedBytes
        ? { ...state, checkedBytes: event.bytes }
        : state;
    case 'session':
      if (state.status !== 'preparing' && state.status !== 'uploading') return state;
      return { status: 'uploading', session: event.session, sentBytes: event.sentBytes, waiting: undefined };
    case 'progress':
      // A pause gives back what was on its way.
      return (state.status === 'uploading' || (state.status === 'paused' && state.session)) &&
        event.sentBytes !== state.sentBytes
        ? { ...state, sentBytes: event.sentBytes }
        : state;
    case 'waiting':
      return isWaitable(state) && !sameWaiting(state.waiting, event.waiting)
        ? { ...state, waiting: event.waiting }
        : state;
    case 'stored':
      return state.status === 'uploading' ? { ...state, status: 'confirming', waiting: undefined } : state;
    case 'parts-differ':
      return state.status === 'confirming'
        ? { status: 'uploading', session: state.session, sentBytes: event.sentBytes, waiting: undefined }
        : state;
    case 'confirmed':
      if (state.status !== 'confirming') return state;
      return {
        status: 'processing',
        session: { ...state.session, mediaId: event.mediaId },
        sentBytes: state.sentBytes,
        receipt: event.receipt,
        media: undefined,
      };
    case 'media':
      if (state.status !== 'processing') return state;
      return event.media.status === 'ready'
        ? { ...state, status: 'ready', media: event.media }
        : { ...state, media: event.media };
    case 'pause':
      if (state.status === 'preparing') return { status: 'paused', session: undefined, sentBytes: 0 };
      if (state.status === 'queued' || state.status === 'uploading')
        return { status: 'paused', session: state.session, sentBytes: state.sentBytes };
      return state;
    case 'resume':
      return state.status === 'paused'
        ? { status: 'queued', session: state.session, sentBytes: state.sentBytes }
        : state;
    case 'cancel':
      if (!canCancel(state)) return state;
      return {
        status: 'canceled',
        session: sessionOf(state),
        sentBytes: sentBytesOf(state),
        cleanup: event.hasRemains ? 'pending' : 'none',
      };
    case 'fail':
      return isActive(state) || state.status === 'processing' ? failedState(state, event) : state;
    case 'retry':
      if (!canRetry(state)) return state;
      return state.status === 'failed' && state.error.isResumable
        ? { status: 'queued', session: state.session, sentBytes: state.sentBytes }
        : initialState;
    case 'cleaned':
      if ((state.status !== 'canceled' && state.status !== 'failed') || state.cleanup !== 'pending')
        return state;
      return { ...state, cleanup: event.isDone ? 'done' : 'failed' };
    default:
      return event satisfies never;
  }
}

function failedState(state: MachineState, event: Extract<MachineEvent, { type: 'fail' }>): MachineState {
  return {
    status: 'failed',
    error: event.error,
    session: sessionOf(state),
    sentBytes: sentBytesOf(state),
    receipt: state.status === 'processing' ? state.receipt : undefined,
    media: event.media,
    cleanup: event.hasRemains ? 'pending' : 'none',
  };
}

type Waitable = Extract<MachineState, { status: 'preparing' | 'uploading' | 'confirming' }>;

function isWaitable(state: MachineState): state is Waitable {
  return state.status === 'preparing' || state.status === 'uploading' || state.status === 'confirming';
}

function sameWaiting(a: Waiting | undefined, b: Waiting | undefined): boolean {
  if (a?.for !== b?.for) return false;
  return !a || !b || !('retryAt' in a && 'retryAt' in b) || a.retryAt === b.retryAt;
}

/** Work is being done, or about to be, so it can fail. */
function isActive(state: MachineState): boolean {
  return state.status === 'queued' || state.status === 'paused' || isWaitable(state);
}

/** Until the upload is confirmed to the media service. */
export function canCancel(state: MachineState): boolean {
  return (
    isActive(state) || (state.status === 'failed' && state.session !== undefined && state.error.isResumable)
  );
}

/** Nothing more happens to it by itself. */
export function isEnd(status: MachineState['status']): boolean {
  return status === 'ready' || status === 'failed' || status === 'canceled';
}

/** Canceled, or failed for good: what is left of it is being discarded. */
export function isGivenUp(state: MachineState): boolean {
  return state.status === 'canceled' || (state.status === 'failed' && state.cleanup === 'pending');
}

/** Not before what the last attempt left behind has been discarded. */
function canRetry(state: MachineState): boolean {
  return (state.status === 'failed' || state.status === 'canceled') && state.cleanup !== 'pending';
}

/** From nothing needs the file; an upload restored without it can only go on. */
export function canRetryWith(state: MachineState, hasFile: boolean): boolean {
  return canRetry(state) && (hasFile || (state.status === 'failed' && state.error.isResumable));
}

export function sessionOf(state: MachineState): PublicSession | undefined {
  return 'session' in state ? state.session : undefined;
}

export function sentBytesOf(state: MachineState): number {
  return 'sentBytes' in state ? state.sentBytes : 0;
}
