import { completeContentType, maxListedParts } from '../../../vendors/huawei-vod.js';
import type { CallSettings } from '../../kit/call.js';
import { StoreClient } from '../../store/client.js';
import { obsError } from './errors.js';

/**
 * The calls to the object store, each to a URL that VOD has signed for it ("Example 2: Uploading a Media File Greater
 * Than 20 MB by Part"; OBS API reference, "Operations on Multipart Upload"). The headers are exactly those of the
 * example: `Content-Type` is part of each signature.
 */
export type ObsStore = StoreClient<string>;

/** What a request adds to the signed URL: `max-parts` and the marker are not signed, so one URL lists every page. */
const unsignedParameters = ['max-parts', 'part-number-marker'];

export function createObsStore(settings: CallSettings): ObsStore {
  return new StoreClient<string>(
    {
      maxListedParts,
      completion: { headers: () => ({ 'Content-Type': completeContentType }) },
      toVendorRequest: (url, { method, query, headers, body }) => {
        const added = unsignedParameters.flatMap((name) => (query[name] ? [`&${name}=${query[name]}`] : []));
        return { method, url: url + added.join(''), headers, body };
      },
      toError: (reply, what) => obsError(reply, what, settings.now()),
    },
    settings,
  );
}
