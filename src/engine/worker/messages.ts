import type { PutRequest, StoreReply } from '../transport/transport.js';

/**
 * Raised with every change of these messages. Where the file of the worker keeps its name, a page meets that of another
 * release after a deploy, or from a cache: then the page does the work itself.
 */
export const messagesVersion = 1;

/**
 * What the page asks of the worker. `id` pairs the answers; `cancel` stops the work of that id, and a `ping` is answered
 * at once by a worker that is alive.
 */
export type WorkerRequest =
  | { kind: 'hash'; id: number; bodies: readonly Blob[]; bytes?: undefined }
  /** Of what was read already. */
  | { kind: 'hash'; id: number; bytes: readonly ArrayBuffer[] }
  | { kind: 'put'; id: number; body: Blob | ArrayBuffer; request: PutRequest }
  | { kind: 'cancel'; id: number }
  | { kind: 'ping'; id: number };

/** What the worker answers. `bytes` counts bytes of that work done so far. */
export type WorkerResponse =
  | { kind: 'progress'; id: number; bytes: number }
  | { kind: 'hashed'; id: number; md5s: readonly string[] }
  | { kind: 'replied'; id: number; reply: StoreReply }
  | { kind: 'failed'; id: number; failure: WorkerFailure }
  | { kind: 'pong'; id: number };

/** Errors do not cross the boundary as they are; these are the ones that matter to the page. */
export type WorkerFailure =
  | { reason: 'no-reply'; isStall: boolean }
  /** `name` is the DOMException's: NotFoundError, NotReadableError … */
  | { reason: 'unreadable'; name: string }
  | { reason: 'aborted' }
  /** The worker crashed, or went silent. */
  | { reason: 'lost' }
  /** Its code cannot be loaded. */
  | { reason: 'no-code' }
  | { reason: 'other'; message: string };

/** A worker as the page sees it. */
export interface WorkerPort {
  post(request: WorkerRequest): void;
  onresponse: (response: WorkerResponse) => void;
  /** The worker has crashed. May be called more than once. */
  oncrash: () => void;
  /** Its code cannot be loaded, neither as a worker nor on the page. */
  onunavailable: () => void;
  close(): void;
}
