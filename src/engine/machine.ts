import type { MediaDetails } from '../protocol/index.js';
import type { UploadError } from './errors.js';
import {
  type PublicSession,
  type Confirmation,
  type MachineState,
  isWaitable,
  isActive,
  canCancel,
  canRetry,
  sessionOf,
  sentBytesOf,
} from './machine-state.js';
import type { Receipt, Waiting } from './types.js';

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
  /** The store has removed the upload: it begins from nothing. */
  | { readonly type: 'begin-anew' }
  | ({ readonly type: 'confirmed' } & Confirmation)
  /** It was canceled, and is stored all the same; without `confirmed`, the answer has to be asked for again. */
  | { readonly type: 'too-late'; readonly confirmed?: Confirmation | undefined }
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
  { phase, sizeBytes: sentBytes, receipt, isTooLateToCancel }: RestoredFrom,
  session: PublicSession,
): MachineState {
  return phase === 'processing'
    ? { status: 'processing', session, sentBytes, receipt, media: undefined, isTooLateToCancel }
    : { status: 'confirming', session, sentBytes, waiting: undefined, isTooLateToCancel };
}

interface RestoredFrom {
  readonly phase: string;
  readonly sizeBytes: number;
  readonly receipt?: Receipt | undefined;
  readonly isTooLateToCancel?: boolean | undefined;
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
    case 'begin-anew':
      return state.status === 'uploading'
        ? { status: 'preparing', checkedBytes: 0, waiting: undefined }
        : state;
    case 'confirmed':
      return state.status === 'confirming' ? confirmedState(state, event) : state;
    case 'too-late':
      return tooLateState(state, event.confirmed);
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

function tooLateState(state: MachineState, confirmed: Confirmation | undefined): MachineState {
  if (state.status !== 'canceled' || state.cleanup !== 'pending' || !state.session) return state;
  const { session, sentBytes } = state;
  const tooLate = { session, sentBytes, isTooLateToCancel: true } as const;
  return confirmed
    ? confirmedState(tooLate, confirmed)
    : { status: 'confirming', ...tooLate, waiting: undefined };
}

function confirmedState(
  {
    session,
    sentBytes,
    isTooLateToCancel,
  }: { session: PublicSession; sentBytes: number; isTooLateToCancel?: boolean | undefined },
  { receipt, mediaId }: Confirmation,
): MachineState {
  return {
    status: 'processing',
    session: { ...session, mediaId },
    sentBytes,
    receipt,
    media: undefined,
    isTooLateToCancel,
  };
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

function sameWaiting(a: Waiting | undefined, b: Waiting | undefined): boolean {
  if (a?.for !== b?.for) return false;
  return !a || !b || !('retryAt' in a && 'retryAt' in b) || a.retryAt === b.retryAt;
}
