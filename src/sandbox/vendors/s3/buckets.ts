import { maxListedKeys } from '../../../vendors/s3.js';
import { xml, type Reply } from '../../http/reply.js';
import type { XmlFields } from '../../http/xml.js';
import { markerFields, tokenFields, type ListingRules } from '../../object-api/listing.js';
import { checksumKind } from './checksums.js';
import { S3Error } from './errors.js';
import type { S3Exchange } from './exchange.js';
import { objectETag } from './objects.js';
import { resultDocument } from './xml.js';

/** "HeadBucket". */
export function headBucket({ region }: S3Exchange): Reply {
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

/** "GetBucketLocation": empty for us-east-1. */
export function getBucketLocation({ context, region }: S3Exchange): Reply {
  const location = region === 'us-east-1' ? '' : region;
  const fields: XmlFields = location === '' ? {} : { LocationConstraint: location };
  return xml(resultDocument(context, 'LocationConstraint', fields));
}

/** "GetBucketLifecycleConfiguration". */
export function getBucketLifecycle({ context, settings }: S3Exchange): Reply {
  const { abortIncompleteAfterDays: days } = settings;
  if (days === null) throw new S3Error('NoSuchLifecycleConfiguration');
  const rule: XmlFields = {
    ID: 'unfinished uploads',
    Filter: '',
    Status: 'Enabled',
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: String(days) },
  };
  return xml(resultDocument(context, 'LifecycleConfiguration', { Rule: rule }));
}

/** "ListObjectsV2". */
export function listObjectsV2(exchange: S3Exchange): Reply {
  return xml(resultDocument(exchange.context, 'ListBucketResult', tokenFields(exchange, rulesOf(exchange))));
}

/** "ListObjects", the first version. */
export function listObjects(exchange: S3Exchange): Reply {
  const fields = markerFields(exchange, rulesOf(exchange), true);
  return xml(resultDocument(exchange.context, 'ListBucketResult', fields));
}

function rulesOf(exchange: S3Exchange): ListingRules {
  return {
    maxKeys: { byDefault: maxListedKeys, most: maxListedKeys },
    tooManyKeys: 'capped',
    etagOf: (object) => objectETag(exchange, object),
    more: (object) => ({ ...checksumKind(object.checksums), StorageClass: 'STANDARD' }),
    refuse: (parameter) =>
      new S3Error('InvalidArgument', {
        message:
          parameter === 'continuation-token' ? 'The continuation token provided is incorrect' : undefined,
        details: { ArgumentName: parameter },
      }),
  };
}
