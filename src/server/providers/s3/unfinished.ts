import * as v from 'valibot';
import type { CallContext, UnfinishedUploads } from '../../provider.js';
import { storeErrorCode } from '../../store/xml.js';
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
