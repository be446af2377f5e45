import * as v from 'valibot';
import {
  mediaNameForbidden,
  mediaNameMaxLength,
  sessionContextMaxLength,
  sourceContextMaxLength,
} from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cleanText, splitExtension } from '../../text.js';

/** The vendor names no limit; this one keeps tickets within theirs. */
const extInfoMaxLength = 1000;
const nameText = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/** "ApplyUpload", the parameters that describe the media. `ExpireTime` is read by the clock given. */
export function uploadOptionsSchema(now: () => number) {
  return v.object({
    mediaName: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1024))),
    procedure: v.optional(nameText),
    expireTime: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/, 'not an ISO 8601 time'),
        v.check((text) => Date.parse(text) > now(), 'not a time to come'),
      ),
    ),
    storageRegion: v.optional(v.pipe(v.string(), v.regex(/^[a-z]+-[a-z]+(-\d)?$/))),
    classId: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    sourceContext: v.optional(v.pipe(v.string(), v.maxLength(sourceContextMaxLength))),
    sessionContext: v.optional(v.pipe(v.string(), v.maxLength(sessionContextMaxLength))),
    extInfo: v.optional(v.pipe(v.string(), v.maxLength(extInfoMaxLength))),
    subAppId: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  });
}

export type UploadOptions = v.InferOutput<ReturnType<typeof uploadOptionsSchema>>;

/** Body of "ApplyUpload". What is not set is left to the service. */
export type ApplyFields = Record<string, string | number>;

export interface MediaFacts {
  readonly mediaType: string;
  readonly coverType: string | undefined;
}

export function applyFields(
  upload: StartFields,
  { mediaType, coverType }: MediaFacts,
  options: UploadOptions,
): ApplyFields {
  const {
    mediaName,
    procedure,
    expireTime,
    storageRegion,
    classId,
    sourceContext,
    sessionContext,
    extInfo,
    subAppId,
  } = options;
  const fields = {
    MediaType: mediaType,
    MediaName: mediaNameOf(mediaName ?? splitExtension(cleanFileName(upload.fileName)).stem),
    CoverType: coverType,
    Procedure: procedure,
    ExpireTime: expireTime,
    StorageRegion: storageRegion,
    ClassId: classId,
    SourceContext: sourceContext,
    SessionContext: sessionContext,
    ExtInfo: extInfo,
    // A number, as its type says, though the page's own example sends text.
    SubAppId: subAppId,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}

/** What a server's own function answered is held to the same limits as what a page sends. */
export function checkDefaults(
  schema: ReturnType<typeof uploadOptionsSchema>,
  defaults: UploadOptions,
): UploadOptions {
  const parsed = v.safeParse(schema, defaults);
  if (parsed.success) return parsed.output;
  throw new EndpointError('internal', {
    detail: `The endpoint's own ${v.getDotPath(parsed.issues[0]) ?? 'defaults'} breaks a limit of ApplyUpload.`,
  });
}

/** Cut between code points, and counted in UTF-16, the narrowest reading of "characters". */
function mediaNameOf(name: string): string {
  let kept = '';
  for (const character of cleanText(name).replace(mediaNameForbidden, '')) {
    if (kept.length + character.length > mediaNameMaxLength) break;
    kept += character;
  }
  return kept.trim() || 'video';
}
