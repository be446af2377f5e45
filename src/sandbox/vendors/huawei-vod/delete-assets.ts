import { infoMaxIds } from '../../../vendors/huawei-vod.js';
import { allValues, firstValue } from '../../http/encoding.js';
import { json, type Reply } from '../../http/reply.js';
import { currentStatus, type Vod, type VodCall } from './call.js';
import { VodError } from './errors.js';

/** "Deleting Media Assets": ids separated by commas, or the parameter repeated. */
export async function deleteAssets({ vod, query }: VodCall): Promise<Reply> {
  const ids = allValues(query, 'asset_id')
    .flatMap((value) => value.split(','))
    .filter((id) => id !== '');
  if (ids.length === 0 || ids.length > infoMaxIds) throw new VodError('VOD.10053', 'asset_id');
  const deleteType = firstValue(query, 'delete_type');
  if (deleteType !== undefined && deleteType !== 'origin') throw new VodError('VOD.10053', 'delete_type');
  const results = await Promise.all(
    ids.map(async (id) => ({ asset_id: id, status: await deleteOne(vod, id, deleteType === 'origin') })),
  );
  return json(200, { delete_result_array: results });
}

/** An asset that is being transcoded cannot be deleted. */
async function deleteOne(vod: Vod, id: string, isOriginOnly: boolean): Promise<'DELETED' | 'FAILED'> {
  const asset = vod.assets.find(id);
  if (!asset || asset.phase.kind === 'deleted') return 'FAILED';
  if (['WAITING_TRANSCODE', 'TRANSCODING'].includes(currentStatus(vod, asset))) return 'FAILED';
  // VOD.10123: a pull that waits or runs cannot be deleted.
  if (asset.pull && asset.phase.kind === 'uploading') return 'FAILED';
  const { store } = vod.context;
  if (isOriginOnly) {
    await store.deleteObject(asset.bucket, asset.objectKey);
    return 'DELETED';
  }
  asset.phase = { kind: 'deleted' };
  const own = store
    .objects()
    .filter(({ bucket, key }) => bucket === asset.bucket && key.split('/')[1] === id);
  await Promise.all(own.map(({ bucket, key }) => store.deleteObject(bucket, key)));
  return 'DELETED';
}
