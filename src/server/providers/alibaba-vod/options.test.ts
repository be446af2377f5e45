import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { alibabaVod, type AlibabaVodOptions } from './index.js';
import { uploadOptionsSchema } from './options.js';

const credentials = { accessKeyId: 'a', accessKeySecret: 's' };

describe('upload options schema of alibaba-vod', () => {
  it.each<object>([
    {},
    { title: '名'.repeat(42) },
    { title: "Quotes 'and' (parentheses)" },
    { description: 'a'.repeat(1024) },
    { tags: Array.from({ length: 16 }, () => 'a'.repeat(32)) },
    { cateId: -1 },
    { templateGroupId: 'ca3a8f6e4957b65806709586' },
    { workflowId: '613efff3887ec34af685714cc461' },
    { storageLocation: 'outin-b.oss-cn-shanghai.aliyuncs.com' },
    { appId: 'app-1000000' },
    { coverUrl: 'https://a.test/b.png' },
    {
      userData: {
        MessageCallback: { CallbackType: 'http', CallbackURL: 'https://a.test/' },
        Extend: { localId: 'x' },
        AccelerateConfig: { Type: 'oss', Domain: 'https://oss-accelerate.aliyuncs.com' },
      },
    },
  ])('accepts the upload options %j', (options) => {
    expect(v.safeParse(uploadOptionsSchema, options).success).toBe(true);
  });

  it.each<object>([
    { title: '' },
    { title: '名'.repeat(43) },
    { title: 'a 🎬' },
    { title: 'a\u0000' },
    { description: 'a'.repeat(1025) },
    { tags: Array.from({ length: 17 }, () => 'a') },
    { tags: ['a'.repeat(33)] },
    { tags: ['a,b'] },
    { cateId: 1.5 },
    { cateId: '1' },
    { templateGroupId: 'a b' },
    { storageLocation: 'https://a' },
    { appId: 'mine' },
    { coverUrl: 'javascript:alert(1)' },
    { userData: { Extend: { a: 'a'.repeat(520) } } },
    { userData: { Other: 1 } },
    { region: 'cn-beijing' },
  ])('refuses the upload options %j', (options) => {
    expect(v.safeParse(uploadOptionsSchema, options).success).toBe(false);
  });
});

describe('configuration of alibaba-vod', () => {
  it.each<[string, Partial<AlibabaVodOptions>]>([
    ['no key', { credentials: { accessKeyId: '', accessKeySecret: 's' } }],
    ['too large a PUT', { singlePutMaxBytes: 6 * 1024 ** 3 }],
    ['too many tags', { tags: Array.from({ length: 17 }, () => 'a') }],
    ['an odd application', { appId: 'mine' }],
  ])('throws a TypeError for a configuration with %s', (_, settings) => {
    expect(() => alibabaVod({ credentials, ...settings })).toThrow(TypeError);
  });

  it('declares the capabilities that the service documents', () => {
    const { capabilities, options } = alibabaVod({ credentials, singlePutMaxBytes: 1000 });
    expect(capabilities).toMatchObject({
      checksum: 'none',
      singlePutMaxBytes: 1000,
      signing: 'ahead',
      canReplace: false,
      cover: { when: 'any' },
      subtitles: { formats: ['srt', 'ass', 'stl', 'ttml', 'vtt'] },
    });
    expect(capabilities.extensions).toContain('mp4');
    expect(Object.keys(options?.entries ?? {})).toEqual([
      'title',
      'description',
      'tags',
      'cateId',
      'templateGroupId',
      'workflowId',
      'storageLocation',
      'appId',
      'coverUrl',
      'userData',
    ]);
  });
});
