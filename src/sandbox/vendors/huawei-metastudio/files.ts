import * as v from 'valibot';
import {
  completeStates,
  fileCategories,
  fileContentTypes,
  fileMaxBytes,
  fileTypeMaxCharacters,
  largeFileCategories,
  largeFileMaxBytes,
  largeFileMaxParts,
  nameMaxCharacters,
  otherContentType,
} from '../../../vendors/huawei-metastudio.js';
import { json, type Reply } from '../../http/reply.js';
import { readBody, type Studio, type StudioCall } from './call.js';
import { MetastudioError, requestId } from './errors.js';
import { fileStateOf, type FileRecord } from './library.js';

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const size = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));

const shared = {
  file_name: text(nameMaxCharacters),
  file_type: text(fileTypeMaxCharacters),
  asset_id: text(64),
};
const fileSchema = v.object({
  ...shared,
  file_md5: v.pipe(v.string(), v.length(24), v.base64()),
  file_size: size(fileMaxBytes),
  asset_file_category: v.picklist(fileCategories),
});
const largeFileSchema = v.object({
  ...shared,
  file_size: v.optional(size(largeFileMaxBytes), 1),
  asset_file_category: v.picklist(largeFileCategories),
  file_multipart_count: v.optional(size(largeFileMaxParts), 1),
});
const completeSchema = v.object({
  state: v.picklist(completeStates),
  auto_meta_analysis: v.nullish(v.boolean()),
});

/** "Creating a File": the URL of one PUT, with MD5 and Content-Type signed. */
export function createFile(call: StudioCall): Reply {
  const { studio } = call;
  const fields = readBody(fileSchema, call, 'MSS.10000003');
  checkRoom(studio, fields.asset_id, fields.asset_file_category);
  const file = studio.library.addFile({
    ...recordOf(fields),
    md5: fields.file_md5,
    key: keyOf(studio, fields),
    upload: undefined,
  });
  const headers = {
    'content-type': fileContentTypes[fields.file_type.toLowerCase()] ?? otherContentType,
    'content-md5': fields.file_md5,
  };
  return json(
    200,
    {
      file_id: file.fileId,
      upload_url: studio.signer.url({
        method: 'PUT',
        bucket: studio.bucket,
        key: file.key,
        subResources: [],
        headers,
      }),
    },
    requestId(),
  );
}

/** "Creating a Large File": a URL per part. */
export function createLargeFile(call: StudioCall): Reply {
  const { studio } = call;
  const { context, bucket, signer, settings } = studio;
  const fields = readBody(largeFileSchema, call, 'MSS.10000003');
  checkRoom(studio, fields.asset_id, fields.asset_file_category);
  const key = keyOf(studio, fields);
  const upload = context.store.initiate(bucket, key, { contentType: otherContentType, headers: {} });
  const file = studio.library.addFile({ ...recordOf(fields), md5: '', key, upload });
  const headers: Record<string, string> =
    settings.partContentType === 'none' ? {} : { 'content-type': settings.partContentType };
  const urls = Array.from({ length: fields.file_multipart_count }, (_, index) =>
    signer.url({
      method: 'PUT',
      bucket,
      key,
      subResources: [
        ['partNumber', String(index + 1)],
        ['uploadId', upload.uploadId],
      ],
      headers,
    }),
  );
  return json(200, { file_id: file.fileId, upload_urls: urls }, requestId());
}

/** "Confirming the Upload of a File". No body in the answer. */
export async function completeFile(call: StudioCall): Promise<Reply> {
  const { studio, id, effect } = call;
  const { state, auto_meta_analysis: isAnalysed } = readBody(completeSchema, call, 'MSS.00000003');
  const file = studio.library.file(id);
  if (file.end) {
    const said = file.end.kind === 'completed' ? 'CREATED' : file.end.kind;
    if (said !== state || studio.settings.completeRepeat === '400') throw new MetastudioError('MSS.00000003');
    return { status: 200, headers: requestId() };
  }
  if (state === 'CREATED') {
    const hasObject = await completeParts(studio, file);
    file.end = {
      kind: 'completed',
      at: studio.context.now(),
      forced: effect.mediaStatus,
      isAnalysed: isAnalysed === true,
      hasObject,
    };
  } else {
    await discardParts(studio, file);
    file.end = { kind: state };
  }
  studio.library.asset(file.assetId).modifiedAt = studio.context.now();
  return { status: 200, headers: requestId() };
}

/** "Deleting a File". */
export async function deleteFile({ studio, id }: StudioCall): Promise<Reply> {
  const file = studio.library.file(id);
  await discardParts(studio, file);
  await studio.context.store.deleteObject(studio.bucket, file.key);
  file.end = { kind: 'DELETED' };
  return { status: 200, headers: requestId() };
}

/** The API takes no list of parts: all stored parts are completed if their size is the announced one. */
async function completeParts({ context, bucket }: Studio, file: FileRecord): Promise<boolean> {
  if (file.upload && context.store.findUpload(bucket, file.key, file.upload.uploadId)) {
    const parts = [...file.upload.parts.values()].sort((a, b) => a.partNumber - b.partNumber);
    if (parts.length === 0 || parts.reduce((sum, part) => sum + part.sizeBytes, 0) !== file.sizeBytes)
      return false;
    await context.store.complete(file.upload, parts);
  }
  return context.store.findObject(bucket, file.key)?.sizeBytes === file.sizeBytes;
}

async function discardParts({ context, bucket }: Studio, { upload, key }: FileRecord): Promise<void> {
  if (upload && context.store.findUpload(bucket, key, upload.uploadId)) await context.store.abort(upload);
}

/** One main file and one cover per asset; canceled and deleted files do not count. */
function checkRoom({ library, settings, context }: Studio, assetId: string, category: string): void {
  library.asset(assetId);
  const all = [...library.files.values()].filter(
    (file) => file.assetId === assetId && file.category === category,
  );
  const standing = settings.takesSecondMain
    ? all.filter(
        (file) =>
          !['DELETED', 'FAILED', 'CANCELLED'].includes(
            fileStateOf(file, context.now(), context.processingMs),
          ),
      )
    : all;
  if (standing.length === 0) return;
  if (category === 'MAIN') throw new MetastudioError('MSS.10001008');
  if (category === 'COVER') throw new MetastudioError('MSS.10001009');
}

type Fields = v.InferOutput<typeof fileSchema> | v.InferOutput<typeof largeFileSchema>;

function recordOf({ asset_id, file_name, file_type, file_size, asset_file_category }: Fields) {
  return {
    assetId: asset_id,
    name: file_name,
    type: file_type,
    sizeBytes: file_size,
    category: asset_file_category,
  };
}

function keyOf({ account, library }: Studio, { asset_id, file_type }: Fields): string {
  return `${account.projectId}/${asset_id}/${library.files.size + 1}.${file_type.toLowerCase()}`;
}
