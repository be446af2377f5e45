import { maxListedKeys } from '../../../vendors/s3.js';
import { firstValue } from '../../http/encoding.js';
import { xml, type Reply } from '../../http/reply.js';
import type { XmlFields } from '../../http/xml.js';
import { markerFields, tokenFields, type ListingRules } from '../../object-api/listing.js';
import { checksumKind } from './checksums.js';
import { S3Error } from './errors.js';
import { owner, type S3Exchange } from './exchange.js';
import { objectETag } from './objects.js';
import { resultDocument } from './xml.js';

/** "HeadBucket". */
export function headBucket({ region }: S3Exchange): Reply {
  return { status: 200, headers: { 'x-amz-bucket-region': region } };
}

/** "GetBucketLocation": empty for us-east-1. */
export function getBucketLocation({ context, region, settings }: S3Exchange): Reply {
  if (settings.dialect === 'ceph') {
    // The name of its zone group, and no type.
    return { status: 200, body: resultDocument(context, 'LocationConstraint', 'default') };
  }
  return xml(resultDocument(context, 'LocationConstraint', region === 'us-east-1' ? '' : region));
}

/** "GetBucketVersioning": of a bucket that has never had versions. */
export function getBucketVersioning({ context }: S3Exchange): Reply {
  return xml(resultDocument(context, 'VersioningConfiguration', {}));
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
  const hasOwner = firstValue(exchange.request.query, 'fetch-owner') === 'true';
  return xml(
    resultDocument(exchange.context, 'ListBucketResult', tokenFields(exchange, rulesOf(exchange, hasOwner))),
  );
}

/** "ListObjects", the first version. */
export function listObjects(exchange: S3Exchange): Reply {
  const fields = markerFields(exchange, rulesOf(exchange, true), true);
  return xml(resultDocument(exchange.context, 'ListBucketResult', fields));
}

function rulesOf(exchange: S3Exchange, hasOwner: boolean): ListingRules {
  const isCeph = exchange.settings.dialect === 'ceph';
  return {
    maxKeys: { byDefault: maxListedKeys, most: maxListedKeys },
    tooManyKeys: 'capped',
    etagOf: (object) => objectETag(exchange, object),
    more: (object) => ({
      ...checksumKind(object.checksums),
      StorageClass: 'STANDARD',
      Owner: hasOwner ? owner : undefined,
      Type: isCeph ? 'Normal' : undefined,
    }),
    isCeph,
    refuse: (parameter) =>
      new S3Error('InvalidArgument', {
        message:
          parameter === 'continuation-token' ? 'The continuation token provided is incorrect' : undefined,
        details: { ArgumentName: parameter },
      }),
  };
}
