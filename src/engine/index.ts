export { createUploader } from './create.js';
export { UploadError, type UploadErrorCode, type UploadErrorOptions } from './errors.js';
export type { Network } from './network.js';
export type { UploaderOptions } from './options.js';
export type { EnginePorts } from './ports.js';
export type { JournalEntry, JournalPart, JournalStore } from './resume/store.js';
export type { Clock } from './retry/clock.js';
export { NoReplyError, type PutOptions, type PutRequest, type StoreReply } from './transport/transport.js';
export * from './types.js';
export type { PartWorkers } from './worker/client.js';
export type {
  Attachment,
  Capabilities,
  MediaDetails,
  MediaUpdate,
  MediaStatus,
  ProblemCode,
  SignedRequest,
  Transfer,
} from '../protocol/index.js';
