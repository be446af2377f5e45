import { expect, it } from 'vitest';
import { packUrls, unpackUrl } from './urls.js';

it('packs one hundred upload URLs into a ticket and refuses URLs that differ in their parameters', () => {
  const urls = Array.from(
    { length: 100 },
    (_, i) =>
      `https://mss-bucket.obs.cn-north-4.myhuaweicloud.com:443/05041fffa40025702f6dc009cc6f8f33/${'a'.repeat(32)}/1.mp4?partNumber=${i + 1}&uploadId=${'U'.repeat(32)}&AWSAccessKeyId=${'K'.repeat(20)}&Expires=1768469400&Signature=${String(i).padStart(28, 's')}%3D`,
  );
  const packed = packUrls(urls);
  expect(urls.map((_, i) => unpackUrl(packed, i))).toEqual(urls);
  expect(unpackUrl(packed, 100)).toBeUndefined();
  expect(JSON.stringify(packed).length).toBeLessThan(9000);
  expect(() => packUrls(['https://a/?a=1', 'https://a/?a=1&b=2'])).toThrow(RangeError);
});
