import { maxListedKeys } from '../../../vendors/tencent-vod.js';
import { xml, type Reply } from '../../http/reply.js';
import { markerFields } from '../../object-api/listing.js';
import { CosError } from './errors.js';
import type { CosExchange } from './exchange.js';
import { shownETag } from './objects.js';
import { resultDocument } from './xml.js';

/** COS, "GET Bucket (List Objects)". */
export function listObjects(exchange: CosExchange): Reply {
  const { context } = exchange;
  const fields = markerFields(exchange, {
    maxKeys: { byDefault: maxListedKeys, most: maxListedKeys },
    tooManyKeys: 'capped',
    etagOf: (object) => shownETag(object, context.settings),
    more: () => ({ StorageClass: 'STANDARD' }),
    refuse: (parameter) => new CosError('InvalidArgument', `Invalid Argument: ${parameter}.`),
  });
  return xml(resultDocument(context, 'ListBucketResult', fields));
}
