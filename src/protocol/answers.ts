import type { Capabilities } from './capabilities.js';
import type { MediaDetails } from './media.js';
import {
  type AttachResponse,
  type DescribeResponse,
  type DetailsResponse,
  type FinishResponse,
  type ImportResponse,
  type ListResponse,
  type SignResponse,
  type StartResponse,
  type StoredPart,
  type Transfer,
  type UpdateResponse,
  type UploadSession,
} from './messages.js';
import { type Problem, problemCodes } from './problem.js';
import { maxPartNumber, type SignedAttachment, type SignedRequest } from './signed-request.js';
import {
  anything,
  type Fields,
  flag,
  integer,
  type Kinds,
  list,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  text,
  texts,
  variant,
} from './reader.js';

/** The body of a failed answer. */
export const readProblem = object<Problem>({
  type: text(),
  title: text(),
  status: integer(-Infinity, Infinity),
  code: oneOf(...problemCodes),
  detail: optional(text()),
  retryAfterMs: optional(number(0)),
  vendor: optional(object({ code: optional(text()), requestId: optional(text()) })),
});

const ticket = text(1, 16_384);
const caller = optional(text(1, 128));
const mediaId = optional(text());
const size = optional(integer());
const partNumber = integer(1, maxPartNumber);

const requestFields: Fields<Omit<SignedRequest, 'partNumber'>> = {
  method: oneOf('PUT'),
  url: text(),
  secondUrl: optional(text()),
  headers: texts,
  fallbackHeaders: optional(texts),
  addsMd5: optional(flag),
  expiresInMs: number(),
};
const signedRequests = list(object<SignedRequest>({ partNumber, ...requestFields }));
const signedAttachments = list(object<SignedAttachment>({ attachmentId: text(), ...requestFields }));

const eTag = optional(oneOf('md5', 'opaque'));
const session = object<UploadSession>({
  ticket,
  mediaId,
  transfer: variant<Transfer, 'kind'>('kind', {
    single: { eTag },
    multipart: {
      eTag,
      minPartSizeBytes: integer(),
      maxPartSizeBytes: integer(),
      maxPartCount: integer(),
      partSizeBytes: size,
      secondStore: optional(text()),
    },
  }),
  attachments: optional(signedAttachments),
  signed: optional(signedRequests),
});

const limited = { maxLength: integer(), unit: oneOf('bytes', 'characters') };
const limit = optional(object(limited));
const when = oneOf('start', 'any');
const capabilities = object<Capabilities>({
  provider: text(),
  checksum: oneOf('none', 'whole-file'),
  singlePutMaxBytes: integer(),
  parts: optional(
    object({
      minSizeBytes: integer(),
      maxSizeBytes: integer(),
      maxCount: integer(),
      areListed: optional(flag),
    }),
  ),
  signing: oneOf('ahead', 'on-demand'),
  signsAtStart: optional(flag),
  signsBeforeHash: optional(flag),
  stores: optional(list(text())),
  maxFileSizeBytes: size,
  extensions: optional(list(text())),
  cover: optional(object({ contentTypes: list(text()), maxSizeBytes: size, when })),
  subtitles: optional(
    object({
      formats: list(text()),
      maxCount: integer(),
      maxSizeBytes: size,
      languages: optional(list(text())),
      when,
    }),
  ),
  updates: optional(
    object({
      title: limit,
      description: limit,
      tags: optional(object({ ...limited, maxCount: integer() })),
    }),
  ),
  import: optional(
    object({
      progress: oneOf('percent', 'states'),
      cancel: oneOf('waiting', 'never'),
      schemes: list(oneOf('https', 'http')),
      attachments: optional(list(oneOf('cover', 'subtitle'))),
    }),
  ),
  transcodes: optional(flag),
  canReplace: flag,
  limits: optional(object({ startsPerMinute: size, openUploads: size, bytesPerDay: size, bytesLeft: size })),
  options: optional(list(text())),
});

const someNumber = optional(number());
const media = object<MediaDetails>({
  mediaId: text(),
  provider: text(),
  status: oneOf('uploading', 'processing', 'ready', 'failed'),
  sizeBytes: someNumber,
  durationSeconds: someNumber,
  width: someNumber,
  height: someNumber,
  coverUrl: optional(text()),
  playUrls: optional(list(object({ url: text(), format: text() }))),
  uploadRatio: someNumber,
  createdAt: optional(text()),
  failure: optional(object({ code: optional(text()), reason: text() })),
  vendor: anything,
});

type KindsOf<Response extends { results: { outcome: string }[] }> = Kinds<
  Response['results'][number],
  'outcome'
>;

/** Each answer of the endpoint has one result for each item, which may be refused. */
function answerOf<Response extends { results: { outcome: string }[] }>(
  kinds: Omit<KindsOf<Response>, 'refused'>,
): Reader<Response> {
  const all = { ...kinds, refused: { problem: readProblem } } as unknown as KindsOf<Response>;
  const results = list(variant<Response['results'][number], 'outcome'>('outcome', all));
  return object<{ results: unknown }>({ results }) as Reader<Response>;
}

export const readStartResponse = answerOf<StartResponse>({
  started: { session, caller },
  'checksum-required': { caller },
});
export const readImportResponse = answerOf<ImportResponse>({
  importing: { session: object({ ticket, mediaId }), canCancel: flag, caller },
});
export const readSignResponse = answerOf<SignResponse>({
  signed: { requests: signedRequests, ticket: optional(ticket) },
  restarted: { session },
});
export const readDescribeResponse = answerOf<DescribeResponse>({ described: { capabilities, caller } });
export const readAttachResponse = answerOf<AttachResponse>({
  attached: { requests: signedAttachments, ticket: optional(ticket) },
});
export const readListResponse = answerOf<ListResponse>({
  listed: { parts: list(object<StoredPart>({ partNumber, sizeBytes: integer(), eTag: text() })) },
  unlisted: {},
});
export const readFinishResponse = answerOf<FinishResponse>({
  confirmed: {
    object: object({
      eTag: optional(text()),
      sizeBytes: size,
      proof: optional(oneOf('compared', 'accepted')),
    }),
    mediaId,
    ticket: optional(ticket),
  },
  'parts-differ': { partNumbers: list(partNumber) },
  discarded: {},
});
export const readDetailsResponse = answerOf<DetailsResponse>({
  found: { media },
  importing: {
    state: oneOf('waiting', 'running'),
    canCancel: flag,
    percent: optional(number(0, 100)),
    sizeBytes: size,
  },
  imported: {},
});
export const readUpdateResponse = answerOf<UpdateResponse>({ updated: {} });
