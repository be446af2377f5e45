import type { Cloud } from './cloud.js';
import { huaweiVodCloud } from './huawei-vod.js';
import { tencentVodCloud } from './tencent-vod.js';

/** Every cloud of the demo, one line each. */
export const clouds: readonly Cloud[] = [
  huaweiVodCloud,
  tencentVodCloud,
];
