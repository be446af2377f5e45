import {
  audioTypes,
  createOnlyTypes,
  updateVideoTypes,
  videoContentTypes,
} from '../../../vendors/huawei-vod.js';
import { fileTypeRefused } from '../../kit/session.js';
import { bareContentType, extensionOf } from '../../text.js';

/** Which of the two documented rules names the Content-Type of a PUT to `video_upload_url`. */
export type ContentTypeRule = 'table' | 'seed';

/** A playlist is a file of its own, not the video: `HLS` cannot be uploaded as one object. */
const types: ReadonlySet<string> = new Set(
  [...updateVideoTypes, ...createOnlyTypes].filter((type) => type !== 'HLS'),
);
const audio: ReadonlySet<string> = new Set(audioTypes);

/** By the browser's content type, for names without a known extension. */
const byContentType: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(videoContentTypes).map(([type, contentType]) => [contentType, type])),
  'video/mpeg': 'MPEG',
  'video/x-m4v': 'M4V',
  'video/x-flv': 'FLV',
  'video/matroska': 'MKV',
  'video/vnd.dlna.mpeg-tts': 'TS',
  'application/octet-stream': '',
  'audio/mpeg': 'MP3',
  'audio/ogg': 'OGG',
  'audio/wav': 'WAV',
  'audio/x-wav': 'WAV',
  'audio/flac': 'FLAC',
  'audio/aac': 'AAC',
  'audio/mp4': 'M4A',
  'audio/x-m4a': 'M4A',
};

/**
 * `video_type` ("Creating a Media Asset: Uploading a File", request parameters): from the name's extension, else from
 * what the browser says. Throws `file-refused`.
 */
export function videoTypeOf(fileName: string, contentType: string): string {
  const extension = extensionOf(fileName).toUpperCase();
  if (types.has(extension)) return extension;
  const named = byContentType[bareContentType(contentType)];
  if (named && types.has(named)) return named;
  throw fileTypeRefused(extension || contentType, [...types]);
}

/**
 * Content-Type of the single PUT. The table of "Example 1" and the sentence of "Updating a Video" ("in the format of
 * video/video format") differ for half of the containers, and the signature holds one of them.
 */
export function putContentType(videoType: string, rule: ContentTypeRule): string {
  const format = videoType.toLowerCase();
  if (audio.has(videoType)) return `audio/${format}`;
  return (rule === 'table' ? videoContentTypes[videoType] : undefined) ?? `video/${format}`;
}
