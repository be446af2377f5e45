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

/** What the endpoint answers when the media service has been told. */
export interface Confirmation {
  readonly receipt: Receipt | undefined;
  readonly mediaId: string | undefined;
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
      readonly isTooLateToCancel?: boolean;
    }
  | {
      readonly status: 'processing';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly receipt: Receipt | undefined;
      readonly media: MediaDetails | undefined;
      readonly isTooLateToCancel?: boolean;
    }
  | {
      readonly status: 'ready';
      readonly session: PublicSession;
      readonly sentBytes: number;
      readonly receipt: Receipt | undefined;
      readonly media: MediaDetails;
      readonly isTooLateToCancel?: boolean;
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

type Waitable = Extract<MachineState, { status: 'preparing' | 'uploading' | 'confirming' }>;

export function isWaitable(state: MachineState): state is Waitable {
  return state.status === 'preparing' || state.status === 'uploading' || state.status === 'confirming';
}

/** Work is being done, or about to be, so it can fail. */
export function isActive(state: MachineState): boolean {
  return state.status === 'queued' || state.status === 'paused' || isWaitable(state);
}

/** Until the upload is confirmed to the media service. */
export function canCancel(state: MachineState): boolean {
  if (isTooLateToCancel(state)) return false;
  return (
    isActive(state) || (state.status === 'failed' && state.session !== undefined && state.error.isResumable)
  );
}

/** Nothing more happens to it by itself. */
export function isEnd(status: MachineState['status'] | 'importing'): boolean {
  return status === 'ready' || status === 'failed' || status === 'canceled';
}

export function isTooLateToCancel(state: MachineState): boolean {
  return 'isTooLateToCancel' in state && state.isTooLateToCancel === true;
}

/** Nothing moves before the file can be read, or is given again. */
export function waitsForFile(state: MachineState | undefined): boolean {
  return state !== undefined && 'waiting' in state && state.waiting?.for === 'file';
}

/** Canceled, or failed for good: what is left of it is being discarded. */
export function isGivenUp(state: MachineState): boolean {
  return state.status === 'canceled' || (state.status === 'failed' && state.cleanup === 'pending');
}

/** Not before what the last attempt left behind has been discarded. */
export function canRetry(state: MachineState): boolean {
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
