import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { Attachment } from '../../../protocol/index.js';
import { attachmentRequests, defaultLanguageCode, planAttachments } from './attachments.js';
import { targetOf } from './presigned.js';
import { uploadOptionsSchema } from './options.js';

const cover: Attachment = {
  attachmentId: 'c',
  kind: 'cover',
  fileName: 'c.jpg',
  sizeBytes: 5,
  contentType: 'image/jpeg',
  md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==',
};
const subtitle: Attachment = {
  attachmentId: 's1',
  kind: 'subtitle',
  fileName: 'a.srt',
  sizeBytes: 5,
  contentType: '',
  language: 'zh-CN',
  title: 'Chinese',
};
const plan = (attachments: Attachment[], known: { attachmentId: string; id: number }[] = []) =>
  planAttachments(attachments, known, defaultLanguageCode);

describe('attachments and object address of huawei-vod', () => {
  it('builds the documented update fields of covers and subtitles', () => {
    expect(plan([cover, subtitle])).toEqual({
      fields: {
        cover_type: 'JPG',
        cover_md5: cover.md5Base64,
        subtitles: [{ id: 1, type: 'SRT', language: 'CN', name: 'a.srt', description: 'Chinese' }],
      },
      subtitles: [{ attachmentId: 's1', id: 1 }],
    });
    expect(plan([{ ...cover, contentType: 'image/png' }]).fields).toMatchObject({ cover_type: 'PNG' });
  });

  it('reuses the id of a subtitle that is sent again and assigns the next free id to others', () => {
    const known = [
      { attachmentId: 's1', id: 1 },
      { attachmentId: 's3', id: 3 },
    ];
    const { fields, subtitles } = plan(
      [
        { ...subtitle, attachmentId: 's3' },
        { ...subtitle, attachmentId: 's2', language: 'fr', fileName: 'b.VTT' },
      ],
      known,
    );
    expect(fields).toMatchObject({ subtitles: [{ id: 3 }, { id: 2, type: 'VTT', language: 'fr' }] });
    expect(subtitles).toEqual([...known, { attachmentId: 's2', id: 2 }]);
  });

  it.each<[string, Attachment, string]>([
    ['a cover of another format', { ...cover, contentType: 'image/gif' }, 'file-refused'],
    ['a subtitle of another format', { ...subtitle, fileName: 'a.ass' }, 'file-refused'],
    ['a subtitle without a language', { ...subtitle, language: undefined }, 'invalid-request'],
  ])('refuses %s before it makes a call', (_, attachment, code) => {
    expect(() => plan([attachment])).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('accepts sixteen subtitles', () => {
    const sixteen = Array.from({ length: 16 }, (_, i) => ({ attachmentId: `k${i}`, id: i + 1 }));
    expect(() => plan([subtitle], sixteen)).toThrow(
      expect.objectContaining({ code: 'not-supported' }) as Error,
    );
  });

  it('signs each attachment for its own URL with the documented content type', () => {
    const urls = {
      cover_upload_url: 'https://o.test/c?Expires=100',
      subtitle_upload_urls: ['https://o.test/1?Expires=100', 'https://o.test/2?Expires=100'],
    };
    const requests = attachmentRequests([subtitle, cover, { ...subtitle, attachmentId: 's2' }], urls, 40_000);
    expect(requests.map(({ attachmentId, url, expiresInMs }) => [attachmentId, url, expiresInMs])).toEqual([
      ['s1', urls.subtitle_upload_urls[0], 60_000],
      ['c', urls.cover_upload_url, 60_000],
      ['s2', urls.subtitle_upload_urls[1], 60_000],
    ]);
    expect(requests[0]?.headers).toEqual({ 'Content-Type': 'application/octet-stream' });
    expect(requests[1]).toMatchObject({
      headers: { 'Content-Type': 'image/jpg', 'Content-MD5': cover.md5Base64 },
      fallbackHeaders: { 'Content-Type': 'image/jpeg' },
    });
    expect(() => attachmentRequests([cover], { cover_upload_url: '' }, 0)).toThrow(
      expect.objectContaining({ code: 'vendor-invalid-reply' }) as Error,
    );
  });

  it.each([
    [
      'https://obs.cn-north-4.myhuaweicloud.com:443/obs-vod-1/%7Bp%7D/a/b%20c.mp4?AWSAccessKeyId=K',
      'obs-vod-1',
      '{p}/a/b c.mp4',
    ],
    [
      'https://obs-vod-1.obs.cn-north-4.myhuaweicloud.com:443/p/a/1.mp4?AWSAccessKeyId=K',
      'obs-vod-1',
      'p/a/1.mp4',
    ],
    ['http://127.0.0.1:5174/vod-sandbox/p/a/1.mp4?Expires=1', 'vod-sandbox', 'p/a/1.mp4'],
  ])('parses from %s the bucket %s and the object key %s', (url, bucket, objectKey) => {
    expect(targetOf(url, 'update asset')).toEqual({ bucket, objectKey });
  });
});

describe('upload options schema of huawei-vod', () => {
  it.each([
    [
      {
        title: '名'.repeat(42),
        description: 'd',
        categoryId: -1,
        tags: ['a'],
        autoPublish: false,
        templateGroupName: 't',
        workflowName: 'w',
        reviewTemplateId: 'r',
      },
      true,
    ],
    [{ title: '名'.repeat(43) }, false],
    [{ description: 'x'.repeat(1025) }, false],
    [{ categoryId: 1.5 }, false],
    [{ tags: ['a,b'] }, false],
    [{ tags: ['x'.repeat(17)] }, false],
    [{ tags: Array.from({ length: 17 }, () => 't') }, false],
    [{ autoPublish: 1 }, false],
  ])('validates the upload options %o against the documented limits', (options, isFine) => {
    expect(v.safeParse(uploadOptionsSchema, options).success).toBe(isFine);
  });
});
