import type { StoredPart } from '../../../protocol/index.js';
import { maxListedParts } from '../../../vendors/tencent-vod.js';
import { md5Base64 } from '../../hash.js';
import type { CallSettings } from '../../kit/call.js';
import { hasVendorCode } from '../../kit/refusal.js';
import type { CallContext } from '../../provider.js';
import { StoreClient } from '../../store/client.js';
import { cosError } from './errors.js';
import { authorize, type CosAddressing } from './presign.js';
import type { MultipartState, ObjectAddress } from './state.js';

/** The endpoint's own calls to COS, signed with the upload's certificate. */
export type CosStore = StoreClient<ObjectAddress>;

export function createCosStore(addressing: CosAddressing, settings: CallSettings): CosStore {
  return new StoreClient<ObjectAddress>(
    {
      maxListedParts,
      completion: {
        body: { quote: '&quot;' },
        headers: (body = '') => ({ 'Content-Type': 'application/xml', 'Content-MD5': md5Base64(body) }),
      },
      toVendorRequest(address, { method, query, headers, body }) {
        const target = { method, path: address.path, query, headers };
        return { method, body, ...authorize(address, target, addressing) };
      },
      toError: (reply, what) => cosError(reply, what, settings.now()),
    },
    settings,
  );
}

/** `denied` where the certificate does not allow it, which the pages leave open. */
export async function listParts(
  store: CosStore,
  state: MultipartState,
  context: CallContext,
): Promise<StoredPart[] | 'denied'> {
  try {
    return await store.list({ target: state, uploadId: state.uploadId }, context);
  } catch (error) {
    if (hasVendorCode(error, 'AccessDenied')) return 'denied';
    throw error;
  }
}

/** The object's size; `missing`, or `denied` where the certificate does not allow the question. */
export async function objectSize(
  store: CosStore,
  address: ObjectAddress,
  context: CallContext,
): Promise<number | 'missing' | 'denied'> {
  const { status, headers } = await store.head(address, [403, 404], context);
  if (status === 404) return 'missing';
  if (status === 403) return 'denied';
  return Number(headers.get('content-length') ?? NaN);
}
