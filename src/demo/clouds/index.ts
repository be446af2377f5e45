import { alibabaVodCloud } from './alibaba-vod.js';
import type { Cloud } from './cloud.js';
import { huaweiMetastudioCloud } from './huawei-metastudio.js';
import { huaweiVodCloud } from './huawei-vod.js';
import { s3Cloud, s3StsCloud } from './s3.js';
import { tencentVodCloud } from './tencent-vod.js';

/** Every cloud of the demo, one line each. */
export const clouds: readonly Cloud[] = [
  huaweiVodCloud,
  huaweiMetastudioCloud,
  s3Cloud,
  s3StsCloud,
  alibabaVodCloud,
  tencentVodCloud,
];
