import type { FaultEffect } from './faults.js';
import type { CorsRules } from './http/cors.js';
import type { Reply } from './http/reply.js';
import type { SandboxRequest } from './http/request.js';

/**
 * One emulated endpoint of a cloud: a control plane or an object store. A new vendor is a folder under `vendors/`
 * that exports one of these per plane; `sandbox.ts` lists them.
 */
export interface Service {
  /** The call that this request is for this service, or undefined when it is not ours. */
  claim: (request: SandboxRequest) => Call | undefined;
  /** What `GET /__sandbox/media` shows. */
  media?: () => MediaEntry[];
  reset: () => void;
}

export interface MediaEntry {
  provider: string;
  mediaId: string;
  status: string;
  fields: Record<string, unknown>;
}

/** A request recognised, but not judged yet. */
export interface Call {
  provider: string;
  plane: 'control' | 'data';
  /** The vendor's own name of the operation. */
  action: string;
  partNumber?: number;
  /** Null: the endpoint has no CORS. */
  cors: CorsRules | null;
  /** Never rejects for what a client can cause, except with ConnectionGone. */
  perform: (effect: FaultEffect) => Promise<Reply>;
  /** An answer of that status in the vendor's shape. */
  refuse: (status: number, code?: string) => Reply;
  refusePreflight: (reason: 'bad-request' | 'forbidden') => Reply;
}
