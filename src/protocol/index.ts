export * from './answers.js';
export * from './attachment-fields.js';
export * from './capabilities.js';
export * from './media.js';
export * from './messages.js';
export * from './operations.js';
export * from './part-size.js';
export * from './problem.js';
export { object, type Reader, tryRead } from './reader.js';
export {
  type SignedAttachment,
  signedAttachmentSchema,
  type SignedRequest,
  signedRequestSchema,
} from './signed-request.js';
