import type { CopyOrder, CopyProblem } from './copy-types.js';

/** What the worker is asked; one job for each worker. */
export type MediaRequest =
  | { readonly kind: 'inspect'; readonly source: Blob }
  | { readonly kind: 'copy'; readonly order: CopyOrder }
  | { readonly kind: 'pause' | 'resume' | 'cancel' };

export type MediaResponse =
  /** It has started, and holds that lock as long as it lives; undefined where there are none. */
  | { readonly kind: 'here'; readonly lock: string | undefined }
  /** Something failed that nothing waits for, so that the job may never end. */
  | { readonly kind: 'defect'; readonly text: string }
  | { readonly kind: 'progress'; readonly ratio: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly problem: CopyProblem };
