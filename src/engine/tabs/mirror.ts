import { isEnd } from '../machine-state.js';
import type { UploadSnapshot } from '../types.js';
import type { SharedUpload } from './shared-upload.js';

/** An upload of another tab, as this one shows it. */
export interface Mirror {
  /** Nothing until the owner has spoken. */
  shared: SharedUpload | undefined;
  snapshot: UploadSnapshot | undefined;
  file: File | undefined;
  /** Ends the waiting for its lock; `undefined` when there is nothing to wait for. */
  waiting: AbortController | undefined;
  heardAt: number;
}

export function newMirror(heardAt: number): Mirror {
  return { shared: undefined, snapshot: undefined, file: undefined, waiting: undefined, heardAt };
}

/** What its owner has said of it last. */
export function show(mirror: Mirror, shared: SharedUpload | undefined): Mirror {
  return Object.assign(mirror, { shared, snapshot: undefined });
}

/** A cancel whose outcome is open may still be too late: where its tab dies, another carries it out. */
export function hasEnded({ shared }: Mirror): boolean {
  if (shared?.status === 'canceled') return shared.cleanup !== 'pending';
  return shared !== undefined && isEnd(shared.status);
}

/** Its tab is gone, and what became of it is not known. */
export function withoutTab(shared: SharedUpload): SharedUpload {
  // Canceled it is; whether anything of it is left is not said.
  if (shared.status === 'canceled') return { ...shared, cleanup: 'none' };
  return {
    ...shared,
    status: 'failed',
    errorCode: 'tab-closed',
    waiting: undefined,
    canPause: false,
    canResume: false,
    canCancel: false,
    canRetry: false,
    canRemove: true,
  };
}
