import type { SentPart, StoredPart } from '../../../protocol/index.js';
import { base64ToHex } from '../../encoding.js';
import { differingParts, partsToJoin } from '../../ledger.js';
import type { CallContext } from '../../provider.js';
import { hasCode } from './errors.js';
import type { OssClient } from './oss.js';
import type { MultipartState } from './state.js';
import { type PartToJoin } from '../../store-xml.js';

/** What an upload's own credentials allow is unpublished, and no vendor's client lists parts. All of this works without. */
export interface Joiner {
  /** `undefined` where the store does not let us look. */
  list(state: MultipartState, context: CallContext): Promise<StoredPart[] | undefined>;
  /** Numbers of parts that differ; none when the object is whole. */
  join(state: MultipartState, sent: readonly SentPart[], context: CallContext): Promise<number[]>;
}

export function createJoiner(oss: OssClient, { listParts }: { listParts: boolean }): Joiner {
  async function look(state: MultipartState, context: CallContext): Promise<StoredPart[] | undefined> {
    if (!listParts) return undefined;
    return oss.listParts(state, context).catch((error: unknown) => {
      if (hasCode(error, 'AccessDenied')) return undefined;
      throw error;
    });
  }

  return {
    list: look,
    async join(state, sent, context) {
      const stored = await look(state, context);
      if (stored) {
        const differing = differingParts(sent, stored);
        if (differing.length > 0) return differing;
      }
      const joined = await oss.complete(
        state,
        stored ? partsToJoin(sent, stored) : (byChecksum(sent) ?? 'all'),
        context,
      );
      return joined === 'joined' ? [] : [joined.differing];
    },
  };
}

/**
 * A part's ETag is its MD5 in upper case ("UploadPart"), so the store itself compares what it has with what was sent.
 * `undefined` where a checksum is missing: then every stored part is joined, which is right because parts are never
 * planned anew under one multipart upload.
 */
function byChecksum(sent: readonly SentPart[]): PartToJoin[] | undefined {
  const parts = sent.flatMap(({ partNumber, md5Base64 }) =>
    md5Base64 === undefined ? [] : [{ partNumber, eTag: base64ToHex(md5Base64).toUpperCase() }],
  );
  return parts.length === sent.length ? parts.sort((a, b) => a.partNumber - b.partNumber) : undefined;
}
