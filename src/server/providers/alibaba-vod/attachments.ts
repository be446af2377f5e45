import type { Attachment, SignedAttachment } from '../../../protocol/index.js';
import { attachedExtensions, imageExtensions, titleMaxLength } from '../../../vendors/alibaba-vod.js';
import { EndpointError } from '../../errors.js';
import type { CallContext } from '../../provider.js';
import {
  bareContentType,
  cleanFileName,
  cleanText,
  cutFileName,
  cutUtf8,
  extensionOf,
  splitExtension,
} from '../../text.js';
import type { VodClient } from './client.js';
import { textParams, type Params } from './create-params.js';
import { readGrant } from './grant.js';
import { withoutIllegal } from './options.js';
import type { AlibabaVodState, Target } from './state.js';
import { putPresigner, type OssSigning } from './store.js';

export const coverContentTypes = ['image/jpeg', 'image/png', 'image/gif'];
export const subtitleFormats: readonly string[] = attachedExtensions.subtitle;

/** By extension: what files of that kind are sent and served as. */
const contentTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
  ttml: 'application/ttml+xml',
};

/** Of a title in the ticket; the service has it whole. */
const keptTitleMaxBytes = 64;

type Subtitle = NonNullable<AlibabaVodState['subtitles']>[number];

/** A cover or subtitle, created at the service and ready to be sent. */
export interface PreparedAttachment {
  readonly request: SignedAttachment;
  readonly coverUrl?: string;
  readonly subtitle?: Subtitle;
}

/** Throws `file-refused` for what the service would not take, before anything is created. */
export function checkAttachments(attachments: readonly Attachment[]): void {
  for (const attachment of attachments) allowedExtension(attachment);
}

export interface AttachmentTools {
  readonly vod: VodClient;
  readonly signing: OssSigning;
  readonly region: string;
  /** Storage and application, as those of the video. */
  readonly place: Params;
}

/**
 * "CreateUploadImage" and "CreateUploadAttachedMedia". Each is a medium of its own with credentials of its own, which
 * cannot be renewed: a request that has expired is replaced by creating a new medium.
 */
export function prepareAttachment(
  attachment: Attachment,
  tools: AttachmentTools,
  context: CallContext,
): Promise<PreparedAttachment> {
  return attachment.kind === 'cover'
    ? prepareCover(attachment, tools, context)
    : prepareSubtitle(attachment, tools, context);
}

async function prepareCover(
  attachment: Attachment,
  tools: AttachmentTools,
  context: CallContext,
): Promise<PreparedAttachment> {
  const extension = allowedExtension(attachment);
  const params = textParams({
    ImageType: 'cover',
    ImageExt: extension,
    OriginalFileName: fileName(attachment, extension),
    ...tools.place,
  });
  const created = await tools.vod.createImage(params, context);
  const target = readGrant(created, 'CreateUploadImage', grantOptions(tools));
  return { coverUrl: created.ImageURL, request: putRequest(attachment, target, tools.signing) };
}

async function prepareSubtitle(
  attachment: Attachment,
  tools: AttachmentTools,
  context: CallContext,
): Promise<PreparedAttachment> {
  const extension = allowedExtension(attachment);
  const { attachmentId, language, title } = attachment;
  const params = textParams({
    BusinessType: 'subtitle',
    MediaExt: extension,
    FileName: fileName(attachment, extension),
    FileSize: String(attachment.sizeBytes),
    Title: cutUtf8(withoutIllegal(cleanText(title ?? language ?? '')), titleMaxLength),
    ...tools.place,
  });
  const created = await tools.vod.createAttached(params, context);
  const target = readGrant(created, 'CreateUploadAttachedMedia', grantOptions(tools));
  return {
    subtitle: {
      attachmentId,
      mediaId: created.MediaId,
      language,
      title: title === undefined ? undefined : cutUtf8(title, keptTitleMaxBytes),
    },
    request: putRequest(attachment, target, tools.signing),
  };
}

function grantOptions({ region, signing }: AttachmentTools) {
  return { region, nowMs: signing.now() };
}

function putRequest(attachment: Attachment, target: Target, signing: OssSigning): SignedAttachment {
  const { attachmentId, md5Base64 } = attachment;
  const extension = allowedExtension(attachment);
  const headers = {
    // Ours, not the page's: the file is served with it from a domain of the customer's.
    'content-type': contentTypes[extension] ?? 'application/octet-stream',
    // Each header that is there as a key is signed.
    ...(md5Base64 !== undefined && { 'content-md5': md5Base64 }),
  };
  return { attachmentId, method: 'PUT', ...putPresigner(target, signing)({ query: {}, headers }) };
}

function allowedExtension({ kind, fileName: name, contentType }: Attachment): string {
  const allowed: readonly string[] = kind === 'cover' ? imageExtensions : subtitleFormats;
  const named = extensionOf(name);
  if (allowed.includes(named)) return named;
  const type = bareContentType(contentType);
  const byType = allowed.find(
    (extension) => Object.hasOwn(contentTypes, extension) && contentTypes[extension] === type,
  );
  if (byType !== undefined) return byType;
  throw new EndpointError('file-refused', { detail: `A ${kind} must be one of: ${allowed.join(', ')}.` });
}

function fileName({ fileName: name, kind }: Attachment, extension: string): string {
  const { stem } = splitExtension(cleanFileName(withoutIllegal(name), kind));
  return cutFileName(`${stem}.${extension}`, titleMaxLength);
}
