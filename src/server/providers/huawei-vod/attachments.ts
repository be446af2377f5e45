import type { Attachment, SignedAttachment } from '../../../protocol/index.js';
import type { coverTypes } from '../../../vendors/huawei-vod.js';
import { maxSubtitles, subtitleTypes, videoNameMaxBytes } from '../../../vendors/huawei-vod.js';
import { EndpointError } from '../../errors.js';
import { cleanFileName, cutFileName, extensionOf } from '../../text.js';
import { checkUrl, remainingMs } from './presigned.js';
import type { SubtitleId } from './state.js';

/** Fields and answers of covers and subtitles: the same in "Creating a Media Asset" and in "Updating a Video", tables 3 to 5. */
export interface AttachmentPlan {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Which id each subtitle has: one that is sent again replaces itself. */
  readonly subtitles: readonly SubtitleId[];
}

export interface AttachmentUrls {
  readonly cover_upload_url?: string | null | undefined;
  readonly subtitle_upload_urls?: readonly string[] | null | undefined;
}

/** Checks every rule of the page before the service is called. Throws `file-refused`, `invalid-request`, `not-supported`. */
export function planAttachments(
  attachments: readonly Attachment[],
  known: readonly SubtitleId[],
  languageOf: (tag: string) => string,
): AttachmentPlan {
  const cover = attachments.find(({ kind }) => kind === 'cover');
  const wanted = attachments.filter(({ kind }) => kind === 'subtitle');
  const ids = [...known];
  const rows = wanted.map((attachment) => {
    const { id } =
      ids.find(({ attachmentId }) => attachmentId === attachment.attachmentId) ??
      addId(ids, attachment.attachmentId);
    return subtitleRow(attachment, id, languageOf);
  });
  return {
    fields: {
      cover_type: cover && coverTypeOf(cover),
      cover_md5: cover?.md5Base64,
      subtitles: rows.length > 0 ? rows : undefined,
    },
    subtitles: ids,
  };
}

/** One PUT for each attachment, in order. */
export function attachmentRequests(
  attachments: readonly Attachment[],
  urls: AttachmentUrls,
  nowMs: number,
): SignedAttachment[] {
  const subtitleUrls = [...(urls.subtitle_upload_urls ?? [])];
  return attachments.map((attachment) => {
    const { attachmentId, kind, md5Base64 } = attachment;
    const url = checkUrl(
      kind === 'cover' ? urls.cover_upload_url : subtitleUrls.shift(),
      `upload of a ${kind}`,
    );
    const headersOf = (contentType: string) => ({
      'Content-Type': contentType,
      ...(md5Base64 && { 'Content-MD5': md5Base64 }),
    });
    const request = { attachmentId, method: 'PUT' as const, url, expiresInMs: remainingMs(url, nowMs) };
    if (kind === 'subtitle') return { ...request, headers: headersOf('application/octet-stream') };
    const type = coverTypeOf(attachment).toLowerCase();
    // "In the format of image/image format": for JPG that can be read in two ways.
    return {
      ...request,
      headers: headersOf(`image/${type}`),
      fallbackHeaders: type === 'jpg' ? headersOf('image/jpeg') : undefined,
    };
  });
}

/** The lowest id that is free, of 1 to 16. */
function addId(ids: SubtitleId[], attachmentId: string): SubtitleId {
  const free = Array.from({ length: maxSubtitles }, (_, i) => i + 1).find((id) =>
    ids.every((one) => one.id !== id),
  );
  if (free === undefined)
    throw new EndpointError('not-supported', { detail: `A video has at most ${maxSubtitles} subtitles.` });
  const added = { attachmentId, id: free };
  ids.push(added);
  return added;
}

function subtitleRow(
  { fileName, language, title, md5Base64 }: Attachment,
  id: number,
  languageOf: (tag: string) => string,
) {
  const type = extensionOf(fileName).toUpperCase();
  if (!(subtitleTypes as readonly string[]).includes(type))
    throw new EndpointError('file-refused', { detail: `Subtitles are ${subtitleTypes.join(' or ')} files.` });
  if (!language)
    throw new EndpointError('invalid-request', { detail: 'A subtitle has to name its language.' });
  const name = cutFileName(cleanFileName(fileName, 'subtitle'), videoNameMaxBytes);
  return {
    id,
    type,
    language: languageOf(language),
    name,
    md5: md5Base64,
    description: title || undefined,
  };
}

function coverTypeOf({ contentType, fileName }: Attachment): (typeof coverTypes)[number] {
  const extension = extensionOf(fileName);
  if (contentType === 'image/png' || (!contentType && extension === 'png')) return 'PNG';
  if (
    contentType === 'image/jpeg' ||
    contentType === 'image/jpg' ||
    (!contentType && /^jpe?g$/.test(extension))
  )
    return 'JPG';
  throw new EndpointError('file-refused', { detail: 'A cover is a JPEG or PNG picture.' });
}

/** The two codes of the create page; every other tag is passed on as it is, as on the update page. */
export function defaultLanguageCode(tag: string): string {
  const [primary = ''] = tag.toLowerCase().split('-');
  return primary === 'zh' ? 'CN' : primary === 'en' ? 'EN' : tag;
}
