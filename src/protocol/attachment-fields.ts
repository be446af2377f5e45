import type { Attachment } from './messages.js';
import { type Fields, integer, like, oneOf, optional, text } from './reader.js';

/** What the browser checks before it tells the endpoint of a cover or a subtitle. */
export const attachmentFields: Fields<Attachment> = {
  attachmentId: text(1, 64),
  kind: oneOf('cover', 'subtitle'),
  fileName: text(1, 1024),
  sizeBytes: integer(1),
  contentType: like(/^[\x20-\x7e]{0,255}$/),
  md5Base64: optional(like(/^[A-Za-z0-9+/]{22}==$/)),
  language: optional(text(1, 35)),
  title: optional(text(0, 128)),
};
