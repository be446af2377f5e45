import { maxListedKeys } from '../../../vendors/huawei-vod.js';
import { xml, type Reply } from '../../http/reply.js';
import { markerFields } from '../../object-api/listing.js';
import { ObsError } from './errors.js';
import type { ObsExchange } from './exchange.js';
import { resultDocument } from './xml.js';

/** OBS API reference, "Obtaining Bucket Metadata". */
export function headBucket({ region }: ObsExchange): Reply {
  return { status: 200, headers: { 'x-obs-bucket-location': region, 'x-obs-version': '3.0' } };
}

/** OBS API reference, "Listing Objects in a Bucket". */
export function listObjects(exchange: ObsExchange): Reply {
  const fields = markerFields(exchange, {
    maxKeys: { byDefault: maxListedKeys, most: maxListedKeys },
    tooManyKeys: 'capped',
    etagOf: ({ etag }) => etag,
    more: () => ({ StorageClass: 'STANDARD' }),
    refuse: (parameter) => new ObsError('InvalidArgument', { details: { ArgumentName: parameter } }),
  });
  return xml(resultDocument(exchange, 'ListBucketResult', fields));
}
