import {
  audioTypes,
  createOnlyTypes,
  updateVideoTypes,
  videoContentTypes,
} from '../../../vendors/huawei-vod.js';
import { fileExtensionOf } from '../../kit/file-type.js';
import { fileTypeRefused } from '../../kit/session.js';
import type { StartFields } from '../../provider.js';

/** Which of the two documented rules names the Content-Type of a PUT to `video_upload_url`. */
export type ContentTypeRule = 'table' | 'seed';

/** A playlist is a file of its own, not the video: `HLS` cannot be uploaded as one object. */
const types = [...updateVideoTypes, ...createOnlyTypes].filter((type) => type !== 'HLS');
const extensions = types.map((type) => type.toLowerCase());
const audio: ReadonlySet<string> = new Set(audioTypes);

/**
 * `video_type` ("Creating a Media Asset: Uploading a File", request parameters): from the name's extension, else from
 * what the browser says. Throws `file-refused`.
 */
export function videoTypeOf(file: Pick<StartFields, 'fileName' | 'contentType'>): string {
  const type = fileExtensionOf(file, extensions);
  if (type === undefined) throw fileTypeRefused(file, types);
  return type.toUpperCase();
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
