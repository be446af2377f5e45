import { nameMaxCharacters } from '../../../vendors/huawei-metastudio.js';
import { definedFields } from '../../kit/fields.js';
import { splitExtension } from '../../text.js';
import { isVideoType } from './file-type.js';
import type { HuaweiMetastudioOptions, MetastudioAssetOptions } from './options.js';
import type { HuaweiMetastudioState } from './state.js';

/** Body of "Creating a Digital Asset". Fields that are not set are left to the service's defaults. */
export function assetFields(
  { fileName, fileType }: Pick<HuaweiMetastudioState, 'fileName' | 'fileType'>,
  options: HuaweiMetastudioOptions,
  perUpload: MetastudioAssetOptions,
): Record<string, unknown> {
  const { assetName, assetDescription, tags, systemProperties, supportedService, isNeedGenerateCover } = {
    ...options,
    ...perUpload,
  };
  const isVideo = isVideoType(fileType);
  return definedFields({
    asset_name: assetName || splitExtension(fileName).stem.slice(0, nameMaxCharacters),
    asset_type: isVideo ? 'VIDEO' : (options.audioAssetType ?? 'AUDIO'),
    asset_description: assetDescription,
    tags,
    system_properties:
      systemProperties &&
      Object.entries(systemProperties).map(([key, value]) => ({ action: 'ADD', key, value })),
    supported_service: supportedService,
    is_need_generate_cover: isVideo ? isNeedGenerateCover : undefined,
  });
}
