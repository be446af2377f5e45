import { describe, expect, it } from 'vitest';
import { fakeContext } from '../../test-support/fake-provider.js';
import { huaweiMetastudio, type HuaweiMetastudioOptions } from './index.js';

describe('configuration of huawei-metastudio', () => {
  const valid: HuaweiMetastudioOptions = {
    projectId: 'p',
    region: 'cn-north-4',
    credentials: { accessKey: 'a', secretKey: 's' },
  };

  it.each<Partial<HuaweiMetastudioOptions>>([
    { projectId: '' },
    { region: '' },
    { appUserId: '安' },
    { singlePutMaxBytes: 6 * 1024 ** 3 },
    { tags: Array.from({ length: 51 }, () => 't') },
    { assetName: 'x'.repeat(257) },
  ])('throws a TypeError for the configuration %o', (wrong) => {
    expect(() => huaweiMetastudio({ ...valid, ...wrong })).toThrow(TypeError);
  });

  it('requires the MD5 of the whole file before it makes a call', async () => {
    const provider = huaweiMetastudio({
      ...valid,
      fetch: () => Promise.reject(new Error('no call was due')),
    });
    const upload = { clientId: 'c', fileName: 'a.mov', contentType: '', sizeBytes: 5 };
    expect(await provider.start(upload, fakeContext())).toBe('checksum-required');
    await expect(
      provider.start({ ...upload, fileName: 'a.mp3', sizeBytes: 200 * 1024 ** 2 }, fakeContext()),
    ).rejects.toMatchObject({ code: 'file-refused' });
  });
});
