import type { SandboxContext } from '../../context.js';
import type { SandboxRequest } from '../../http/request.js';

/** One authenticated request to an object. */
export interface ObsExchange {
  context: SandboxContext;
  request: SandboxRequest;
  bucket: string;
  key: string;
  region: string;
  /** Largest body of a PutObject here. */
  maxPutBytes: number;
}
