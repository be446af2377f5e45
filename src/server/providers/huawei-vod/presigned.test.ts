import { expect, it } from 'vitest';
import { secondUrlOf } from './presigned.js';

const query = '?AWSAccessKeyId=a&Expires=1&partNumber=1&uploadId=u&Signature=s%2Bs%3D';
const inHost = 'https://vod-1.obs.cn-north-4.myhuaweicloud.com';
const inPath = 'https://obs.cn-north-4.myhuaweicloud.com/vod-1';

it.each([
  [`${inHost}:443/p/a%20b.mp4${query}`, `${inPath}/p/a%20b.mp4${query}`],
  [`${inPath}/p/a%20b.mp4${query}`, `${inHost}/p/a%20b.mp4${query}`],
  [`http://localhost:5174/vod-1/p/a.mp4${query}`, `http://vod-1.obs.localhost:5174/p/a.mp4${query}`],
  [`http://127.0.0.1:5174/vod-1/p/a.mp4${query}`, undefined],
  [`https://videos.example.com/p/a.mp4${query}`, undefined],
])('finds the other name of the bucket for %s', (url, second) => {
  expect(secondUrlOf(url, 'vod-1')).toBe(second);
});

it('finds none for a bucket with dots, for which no certificate stands', () => {
  expect(secondUrlOf('https://obs.r.myhuaweicloud.com/a.b/k.mp4', 'a.b')).toBeUndefined();
});
