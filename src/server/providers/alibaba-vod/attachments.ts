import type { Attachment, SignedAttachment } from '../../../protocol/index.js';
import { attachedExtensions, imageExtensions, titleMaxLength } from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import type { CallContext } from '../../provider.js';
import { cleanFileName, cleanText, cutFileName, cutUtf8, splitExtension } from '../../text.js';
import type { VodClient } from './client.js';
import { compact, type Params } from './create-params.js';
import { withoutIllegal } from './options.js';
import type { OssClient } from './oss.js';
import type { AlibabaVodState } from './state.js';
import { readGrant } from './upload-auth.js';

export const coverContentTypes = ['image/jpeg', 'image/png', 'image/gif'];
export const subtitleFormats: readonly string[] = attachedExtensions.subtitle;

type Subtitle = NonNullable<AlibabaVodState['subtitles']>[number];

/** One thing beside the video, made at the service and ready to be sent. */
export interface Prepared {
  readonly request: SignedAttachment;
  readonly coverUrl?: string;
  readonly subtitle?: Subtitle;
}

/** Throws `file-refused` for what the service would not take, before anything is made. */
export function checkAttachments(attachments: readonly Attachment[]): void {
  for (const attachment of attachments) extensionOf(attachment);
}

/**
 * "CreateUploadImage" and "CreateUploadAttachedMedia". Each is a medium of its own with credentials of its own, which
 * nobody can renew: a request that has expired is replaced by making the medium anew.
 */
export async function prepare(
  attachment: Attachment,
  {
    vod,
    oss,
    place,
    region,
    now,
  }: { vod: VodClient; oss: OssClient; place: Params; region: string; now: () => number },
  context: CallContext,
): Promise<Prepared> {
  const extension = extensionOf(attachment);
  const { attachmentId, language, title } = attachment;
  if (attachment.kind === 'cover') {
    const params = compact({
      ImageType: 'cover',
      ImageExt: extension,
      OriginalFileName: fileName(attachment, extension),
      ...place,
    });
    const created = await vod.createImage(params, context);
    return { coverUrl: created.ImageURL, request: request(created, 'CreateUploadImage') };
  }
  const params = compact({
    BusinessType: 'subtitle',
    MediaExt: extension,
    FileName: fileName(attachment, extension),
    FileSize: String(attachment.sizeBytes),
    Title: cutUtf8(withoutIllegal(cleanText(title ?? language ?? '')), titleMaxLength),
    ...place,
  });
  const created = await vod.createAttached(params, context);
  const subtitle = {
    attachmentId,
    mediaId: created.MediaId,
    ...(language !== undefined && { language }),
    ...(title !== undefined && { title }),
  };
  return { subtitle, request: request(created, 'CreateUploadAttachedMedia') };

  function request(grant: { UploadAddress: string; UploadAuth: string }, what: string): SignedAttachment {
    const target = readGrant(grant, what, { region, nowMs: now() });
    const { contentType, md5Base64 } = attachment;
    const headers = {
      'content-type': contentType || 'application/octet-stream',
      ...(md5Base64 !== undefined && { 'content-md5': md5Base64 }),
    };
    return { attachmentId, method: 'PUT', ...oss.presignPut(target, {}, headers) };
  }
}

function extensionOf({ kind, fileName: name, contentType }: Attachment): string {
  const allowed: readonly string[] = kind === 'cover' ? imageExtensions : subtitleFormats;
  const named = splitExtension(name).extension.slice(1).toLowerCase();
  if (allowed.includes(named)) return named;
  const told = {
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/gif': 'gif',
    'text/vtt': 'vtt',
    'application/x-subrip': 'srt',
    'application/ttml+xml': 'ttml',
  }[contentType.toLowerCase()];
  if (told !== undefined && allowed.includes(told)) return told;
  throw new EndpointError('file-refused', { detail: `A ${kind} must be one of: ${allowed.join(', ')}.` });
}

function fileName({ fileName: name, kind }: Attachment, extension: string): string {
  const { stem } = splitExtension(cleanFileName(withoutIllegal(name), kind));
  return cutFileName(`${stem}.${extension}`, titleMaxLength);
}
