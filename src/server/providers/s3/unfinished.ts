import * as v from 'valibot';
import { EndpointError } from '../../errors.js';
import type { CallContext, UnfinishedUpload, UnfinishedUploads } from '../../provider.js';
import { storeErrorCode, truncatedSchema } from '../../store/xml.js';
import { readXmlReply, xmlList } from '../../xml.js';
import type { Setup } from './setup.js';

/** The empty key names the bucket itself. */
const bucketItself = '';
/** In no listing: the store does not create an object to answer for it. */
const probeTarget = { target: 'vodrop-probe', uploadId: 'vodrop-probe' };

const days = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.toNumber());
const lifecycleSchema = v.object({
  LifecycleConfiguration: v.union([
    v.object({
      Rule: xmlList(
        v.object({
          Status: v.string(),
          AbortIncompleteMultipartUpload: v.optional(v.object({ DaysAfterInitiation: days })),
        }),
      ),
    }),
    v.literal(''),
  ]),
});

/** "ListParts" of an upload that does not exist, or "HeadObject": rights that uploads need anyway. */
export async function probe({ store, listsParts }: Setup, context: CallContext): Promise<void> {
  if (listsParts) await store.exists(probeTarget, context);
  else await store.head(probeTarget.target, [404], context);
}

/** "GetBucketLifecycleConfiguration": the shortest rule that is in force. */
export async function unfinishedUploads({ store }: Setup, context: CallContext): Promise<UnfinishedUploads> {
  const what = 'get bucket lifecycle';
  const reply = await store.get(bucketItself, { query: { lifecycle: '' }, expected: [404], what }, context);
  if (reply.status === 404 && storeErrorCode(reply.text) === 'NoSuchLifecycleConfiguration') return {};
  const { LifecycleConfiguration: found } = readXmlReply(lifecycleSchema, reply.text, what);
  const ends = (found === '' ? [] : found.Rule).flatMap(({ Status, AbortIncompleteMultipartUpload: rule }) =>
    Status === 'Enabled' && rule ? [rule.DaysAfterInitiation] : [],
  );
  return { endAfterDays: ends.length > 0 ? Math.min(...ends) : undefined };
}

const listedUploadsSchema = v.object({
  ListMultipartUploadsResult: v.object({
    Upload: xmlList(v.object({ Key: v.string(), UploadId: v.string(), Initiated: v.string() })),
    IsTruncated: truncatedSchema,
    NextKeyMarker: v.optional(v.string()),
    NextUploadIdMarker: v.optional(v.string()),
  }),
});

/** Of the default keys. With keys of the host's own, the bucket may have uploads of other programs. */
const defaultPrefix = 'uploads/';

/** Of at most a thousand uploads each. */
const maxPages = 1000;

/** "ListMultipartUploads", all pages, of our own keys. */
export async function listUnfinished(
  { store, options }: Setup,
  before: number,
  context: CallContext,
): Promise<UnfinishedUpload[]> {
  const prefix = options.sweepPrefix ?? (options.key ? undefined : defaultPrefix);
  if (prefix === undefined)
    throw new EndpointError('not-supported', {
      detail:
        'With keys of your own, `sweepPrefix` has to say which of the bucket are uploads of this endpoint.',
    });
  const what = 'list multipart uploads';
  const found: UnfinishedUpload[] = [];
  // A store that answers the same pages again would be asked for ever.
  const asked = new Set<string>();
  for (let marker: Record<string, string> = {}; ;) {
    const query = { uploads: '', prefix, 'max-uploads': '1000', ...marker };
    asked.add(JSON.stringify(marker));
    const reply = await store.get(bucketItself, { query, expected: [], what }, context);
    const page = readXmlReply(listedUploadsSchema, reply.text, what).ListMultipartUploadsResult;
    for (const { Key: id, UploadId: uploadId, Initiated } of page.Upload) {
      const startedAt = Date.parse(Initiated);
      if (id.startsWith(prefix) && startedAt < before)
        found.push({ kind: 'multipart-upload', id, uploadId, startedAt });
    }
    const next = {
      'key-marker': page.NextKeyMarker ?? '',
      'upload-id-marker': page.NextUploadIdMarker ?? '',
    };
    const isRepeated = asked.has(JSON.stringify(next)) || asked.size >= maxPages;
    if (!page.IsTruncated || next['key-marker'] === '' || isRepeated) return found;
    marker = next;
  }
}

export async function discardUnfinished(
  { store }: Setup,
  { id: target, uploadId = '' }: UnfinishedUpload,
  context: CallContext,
): Promise<boolean> {
  await store.abort({ target, uploadId }, context);
  return true;
}
