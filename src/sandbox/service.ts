import type { FaultEffect } from './faults.js';
import type { CorsRules } from './http/cors.js';
import type { Reply } from './http/reply.js';
import type { SandboxRequest } from './http/request.js';

/**
 * One emulated endpoint of a cloud: a control plane or an object store. A vendor is a folder under `vendors/` that
 * exports one service per plane; `sandbox.ts` lists them.
 */
export interface Service {
  /** The request as a call of this service, or undefined when it is not for this service. */
  claim: (request: SandboxRequest) => Call | undefined;
  /** Entries of `GET /__sandbox/media`. */
  media?: () => MediaEntry[];
  /** Ends work that no request waits for. */
  stop?: () => void;
  reset: () => void;
}

/** A media object of an emulated service. */
export interface MediaEntry {
  provider: string;
  mediaId: string;
  status: string;
  fields: Record<string, unknown>;
}

/** A request that a service has claimed and not performed yet. */
export interface Call {
  provider: string;
  plane: 'control' | 'data';
  /** The vendor's name of the operation. */
  action: string;
  partNumber?: number;
  /** Null: the endpoint answers without CORS. */
  cors: CorsRules | null;
  /** Rejects with ConnectionGone only; every other error of a client becomes a reply. */
  perform: (effect: FaultEffect) => Promise<Reply>;
  /** A reply with that status in the vendor's error format. */
  refuse: (status: number, code?: string) => Reply;
  refusePreflight: (reason: 'bad-request' | 'forbidden') => Reply;
}
