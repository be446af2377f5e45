import { completeContentType, maxPartCount, partContentType } from '../../../vendors/huawei-vod.js';
import { firstValue, type QueryPair } from '../../http/encoding.js';
import { json, type Reply } from '../../http/reply.js';
import type { VodCall } from './call.js';
import { VodError } from './errors.js';
import type { ToSign } from './url-signer.js';

/** "Obtaining Authorization for Multipart Upload", v1.1: the complete URL. */
export function authorityUrl(call: VodCall): Reply {
  return json(200, { sign_str: call.vod.signer.url(checkedOperation(call)) });
}

/** The same, v1.0: only the parameters of the signature; the caller builds the URL. */
export function authorityFragment(call: VodCall): Reply {
  return json(200, { sign_str: call.vod.signer.fragment(checkedOperation(call)) });
}

function checkedOperation(call: VodCall): ToSign {
  const { vod, query } = call;
  const method = required(query, 'http_verb');
  const bucket = required(query, 'bucket');
  const key = required(query, 'object_key');
  const operation = readOperation(call, method);
  const asset = vod.assets
    .all()
    .find((candidate) => candidate.bucket === bucket && candidate.objectKey === key);
  if (!asset || asset.phase.kind === 'deleted') throw new VodError('VOD.10062');
  if (asset.phase.kind !== 'uploading') throw new VodError('VOD.10135');
  return { method, bucket, key, ...operation };
}

/** The operation follows from the method and the ids in the request. */
function readOperation({ vod, query }: VodCall, method: string): Pick<ToSign, 'subResources' | 'headers'> {
  const isGiven = vod.context.settings.authorityContentType === 'given';
  const given = firstValue(query, 'content_type');
  const type = (fixed: string): Record<string, string> => {
    const value = isGiven ? given : fixed;
    return value === undefined || value === '' ? {} : { 'content-type': value };
  };
  if (method === 'POST' && firstValue(query, 'upload_id') === undefined) {
    return { subResources: [['uploads', '']], headers: { 'content-type': required(query, 'content_type') } };
  }
  if (!['POST', 'PUT', 'GET', 'DELETE'].includes(method)) throw new VodError('VOD.10053', 'http_verb');
  const uploadId: QueryPair = ['uploadId', required(query, 'upload_id')];
  if (method === 'POST') return { subResources: [uploadId], headers: type(completeContentType) };
  if (method !== 'PUT') return { subResources: [uploadId], headers: {} };
  const md5 = readMd5(query);
  return {
    subResources: [['partNumber', readPartNumber(query)], uploadId],
    headers: { ...type(partContentType), ...(md5 === undefined ? {} : { 'content-md5': md5 }) },
  };
}

function readPartNumber(query: readonly QueryPair[]): string {
  const text = required(query, 'part_number');
  const isValid = /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= maxPartCount;
  if (!isValid) throw new VodError('VOD.10053', 'part_number');
  return String(Number(text));
}

function readMd5(query: readonly QueryPair[]): string | undefined {
  const md5 = firstValue(query, 'content_md5');
  if (md5 === undefined || md5 === '') return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(md5)) throw new VodError('VOD.10053', 'content_md5');
  return md5;
}

function required(query: readonly QueryPair[], name: string): string {
  const value = firstValue(query, name);
  if (value === undefined || value === '') throw new VodError('VOD.10053', name);
  return value;
}
