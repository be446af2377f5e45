import type { StoredObject } from '../../store/object-store.js';
import type { S3Exchange } from './exchange.js';

let sequence = 0;

/** "Event message structure". */
export function announceObject(
  { context, settings, region, bucket, key }: S3Exchange,
  eventName: 'ObjectCreated:Put' | 'ObjectCreated:CompleteMultipartUpload' | 'ObjectRemoved:Delete',
  object?: StoredObject,
): void {
  sequence += 1;
  context.events.announce('s3', eventName, {
    eventVersion: '2.1',
    eventSource: settings.dialect === 'ceph' ? 'ceph:s3' : 'aws:s3',
    awsRegion: region,
    eventTime: new Date(context.now()).toISOString(),
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'vodrop',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        // As in a form, but with slashes.
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        size: object?.sizeBytes,
        eTag: object?.etag.replaceAll('"', ''),
        sequencer: sequence.toString(16).toUpperCase().padStart(16, '0'),
      },
    },
  });
}
