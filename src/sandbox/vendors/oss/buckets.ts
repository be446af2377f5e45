import { defaultListedKeys, maxListedKeys } from '../../../vendors/alibaba-vod.js';
import { firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { XmlFields } from '../../http/xml.js';
import { markerFields, tokenFields, type ListingRules } from '../../object-api/listing.js';
import { OssError } from './errors.js';
import type { OssExchange } from './exchange.js';
import { resultDocument } from './xml.js';

/** OSS API reference, "GetBucket (ListObjects)". */
export function listObjects(exchange: OssExchange): Reply {
  return answer(exchange, markerFields(exchange, rulesOf({ hasOwner: true })));
}

/** OSS API reference, "ListObjectsV2 (GetBucketV2)": owners on request only. */
export function listObjectsV2(exchange: OssExchange): Reply {
  const hasOwner = firstValue(exchange.request.query, 'fetch-owner') === 'true';
  return answer(exchange, tokenFields(exchange, rulesOf({ hasOwner })));
}

function rulesOf({ hasOwner }: { hasOwner: boolean }): ListingRules {
  return {
    maxKeys: { byDefault: defaultListedKeys, most: maxListedKeys },
    tooManyKeys: 'refused',
    etagOf: ({ etag }) => etag.toUpperCase(),
    more: ({ uploadId }) => ({
      Type: uploadId === undefined ? 'Normal' : 'Multipart',
      StorageClass: 'Standard',
      Owner: hasOwner ? { ID: 'sandbox', DisplayName: 'sandbox' } : undefined,
    }),
    refuse: (parameter) => new OssError('InvalidArgument', { details: { ArgumentName: parameter } }),
  };
}

function answer({ context }: OssExchange, fields: XmlFields): Reply {
  return xml(resultDocument(context, 'ListBucketResult', fields));
}
