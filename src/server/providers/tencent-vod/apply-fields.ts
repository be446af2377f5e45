import { mediaNameForbidden, mediaNameMaxLength } from '../../../vendors/tencent-vod.js';
import type { StartFields } from '../../provider.js';
import { cleanFileName, cleanText, splitExtension } from '../../text.js';
import type { UploadOptions } from './options.js';

/** Body of "ApplyUpload". What is not set is left to the service. */
export type ApplyFields = Record<string, string | number>;

export interface ApplyTypes {
  readonly mediaType: string;
  readonly coverType: string | undefined;
}

export function applyFields(
  upload: StartFields,
  { mediaType, coverType }: ApplyTypes,
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

/** Cut between code points, and counted in UTF-16, the narrowest reading of "characters". */
export function mediaNameOf(name: string): string {
  return cutCharacters(cleanText(name).replace(mediaNameForbidden, ''), mediaNameMaxLength) || 'video';
}

export function cutCharacters(text: string, maxLength: number): string {
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > maxLength) break;
    kept += character;
  }
  return kept.trim();
}
