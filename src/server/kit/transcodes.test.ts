import { expect, it } from 'vitest';
import { alibabaVod } from '../providers/alibaba-vod/index.js';
import { huaweiVod } from '../providers/huawei-vod/index.js';
import { s3 } from '../providers/s3/index.js';
import { tencentVod } from '../providers/tencent-vod/index.js';
import type { Provider } from '../provider.js';

const keys = { accessKey: 'a', secretKey: 's' };
const huawei = (more = {}) => huaweiVod({ projectId: 'p', region: 'cn-north-4', credentials: keys, ...more });
const alibaba = (more = {}) =>
  alibabaVod({ credentials: { accessKeyId: 'a', accessKeySecret: 's' }, ...more });
const tencent = (more = {}) => tencentVod({ credentials: { secretId: 'a', secretKey: 's' }, ...more });
const store = (more = {}) =>
  s3({
    bucket: 'b',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    ...more,
  });

it.each<[string, Provider, boolean | undefined]>([
  ['Huawei without a template', huawei(), undefined],
  ['Huawei with a template group', huawei({ templateGroupName: 'web' }), true],
  ['Huawei with a workflow', huawei({ workflowName: 'web' }), true],
  ['Alibaba with the default group of the account', alibaba(), undefined],
  ['Alibaba with a template group', alibaba({ templateGroupId: 'g' }), true],
  [
    'Alibaba with the group that leaves videos as they are',
    alibaba({ templateGroupId: 'VOD_NO_TRANSCODE' }),
    undefined,
  ],
  ['Alibaba with a workflow', alibaba({ templateGroupId: 'VOD_NO_TRANSCODE', workflowId: 'w' }), true],
  ['Tencent without a procedure', tencent(), undefined],
  ['Tencent with a procedure', tencent({ procedure: 'web' }), true],
  [
    'a template of another kind, as the host says',
    tencent({ procedure: 'snapshots', transcodes: false }),
    false,
  ],
  ['a default group that transcodes, as the host says', alibaba({ transcodes: true }), true],
  ['a store', store(), undefined],
  ['a store whose host transcodes', store({ transcodes: true }), true],
])('says of %s whether it transcodes', (_what, provider, expected) => {
  expect(provider.capabilities.transcodes).toBe(expected);
});
