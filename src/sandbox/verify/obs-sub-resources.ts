/** Query parameters that a V2 signature covers (OBS API reference, "Authentication of Signature in a Header"). All others it does not. */
const subResources = new Set([
  'CDNNotifyConfiguration', 'acl', 'append', 'attname', 'backtosource', 'cors', 'customdomain', 'delete', 'deletebucket',
  'directcoldaccess', 'encryption', 'inventory', 'length', 'lifecycle', 'location', 'logging', 'metadata', 'mirrorBackToSource',
  'modify', 'name', 'notification', 'object-lock', 'obscompresspolicy', 'orchestration', 'partNumber', 'policy', 'position',
  'quota', 'rename', 'replication', 'response-cache-control', 'response-content-disposition', 'response-content-encoding',
  'response-content-language', 'response-content-type', 'response-expires', 'restore', 'retention', 'storageClass',
  'storageinfo', 'storagePolicy', 'tagging', 'torrent', 'truncate', 'uploadId', 'uploads', 'versionId', 'versioning',
  'versions', 'website', 'x-image-process', 'x-image-save-bucket', 'x-image-save-object', 'x-obs-security-token',
]);

export function isSubResource(name: string): boolean {
  return subResources.has(name);
}
