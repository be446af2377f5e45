import { describe, expect, expectTypeOf, it } from 'vitest';
import { fakeContext } from '../../test-support/fake-provider.js';
import { s3, s3Stores, type S3Options, type S3Preset } from './index.js';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
const own = { endpoint: 'https://store.example' };
const presets: Record<keyof typeof s3Stores, S3Preset> = {
  aws: s3Stores.aws({ region: 'eu-central-1' }),
  r2: s3Stores.r2({ accountId: 'acc' }),
  backblazeB2: s3Stores.backblazeB2({ region: 'us-west-004' }),
  minio: s3Stores.minio(own),
  ceph: s3Stores.ceph(own),
  swift: s3Stores.swift(own),
  wasabi: s3Stores.wasabi({ region: 'eu-central-1' }),
  digitalOceanSpaces: s3Stores.digitalOceanSpaces({ region: 'fra1' }),
  tigris: s3Stores.tigris(),
  scaleway: s3Stores.scaleway({ region: 'fr-par' }),
  garage: s3Stores.garage(own),
  seaweedFs: s3Stores.seaweedFs(own),
  google: s3Stores.google(),
  s3rver: s3Stores.s3rver(own),
};

async function signedBy(options: S3Preset & Partial<S3Options>) {
  const provider = s3({ bucket: 'videos', credentials, key: () => 'k.mp4', ...options });
  const upload = { clientId: 'c', fileName: 'k.mp4', contentType: '', sizeBytes: 5 };
  const started = await provider.start(upload, fakeContext());
  if (started === 'checksum-required' || !started.signed?.[0]) throw new Error('not signed');
  const { url, headers } = started.signed[0];
  const { origin, pathname, searchParams } = new URL(url);
  return {
    to: `${origin}${pathname}`,
    region: searchParams.get('X-Amz-Credential')?.split('/')[2],
    signed: searchParams.get('X-Amz-SignedHeaders')?.split(';'),
    acl: headers['x-amz-acl'],
    maxCount: provider.capabilities.parts?.maxCount,
    areListed: provider.capabilities.parts?.areListed,
  };
}

describe('s3Stores presets', () => {
  it.each<[keyof typeof s3Stores, string, string, string | undefined]>([
    ['aws', 'https://videos.s3.eu-central-1.amazonaws.com/k.mp4', 'eu-central-1', undefined],
    ['r2', 'https://acc.r2.cloudflarestorage.com/videos/k.mp4', 'auto', undefined],
    ['backblazeB2', 'https://videos.s3.us-west-004.backblazeb2.com/k.mp4', 'us-west-004', undefined],
    ['minio', 'https://store.example/videos/k.mp4', 'us-east-1', undefined],
    ['ceph', 'https://store.example/videos/k.mp4', 'us-east-1', 'private'],
    ['swift', 'https://store.example/videos/k.mp4', 'us-east-1', undefined],
    ['wasabi', 'https://videos.s3.eu-central-1.wasabisys.com/k.mp4', 'eu-central-1', 'private'],
    ['digitalOceanSpaces', 'https://videos.fra1.digitaloceanspaces.com/k.mp4', 'fra1', 'private'],
    ['tigris', 'https://videos.t3.storage.dev/k.mp4', 'auto', 'private'],
    ['scaleway', 'https://videos.s3.fr-par.scw.cloud/k.mp4', 'fr-par', 'private'],
    ['garage', 'https://store.example/videos/k.mp4', 'garage', undefined],
    ['seaweedFs', 'https://store.example/videos/k.mp4', 'us-east-1', 'private'],
    ['google', 'https://storage.googleapis.com/videos/k.mp4', 'auto', undefined],
    ['s3rver', 'https://store.example/videos/k.mp4', 'us-east-1', undefined],
  ])(
    'signs requests of the s3Stores preset %s with its host, region and ACL',
    async (name, to, region, acl) => {
      const signed = await signedBy(presets[name]);
      expect(signed).toMatchObject({ to, region });
      expect(signed.acl).toBe(acl);
      expect(signed.signed?.includes('x-amz-acl')).toBe(acl !== undefined);
    },
  );

  it.each(Object.entries(presets))(
    'signs that those headers are absent which the s3Stores preset %s names, and no others',
    async (_name, preset) => {
      const { signed = [] } = await signedBy(preset);
      const sent = ['content-length', 'content-md5', 'content-type', 'host', 'if-none-match', 'x-amz-acl'];
      expect(signed.filter((name) => !sent.includes(name)).sort()).toEqual(
        [...(preset.absentHeaders ?? [])].sort(),
      );
    },
  );

  it('signs at Ceph that a request copies nothing', async () => {
    expect((await signedBy(presets.ceph)).signed).toContain('x-amz-copy-source');
  });

  it('does not sign that a header is absent which objectHeaders names', async () => {
    const objectHeaders = { 'X-Amz-Storage-Class': 'COLD' };
    const { signed } = await signedBy({ ...presets.ceph, objectHeaders });
    expect(signed?.filter((name) => name === 'x-amz-storage-class')).toHaveLength(1);
  });

  it('declares the part count and part listing of stores that differ from S3', async () => {
    expect(await signedBy(presets.scaleway)).toMatchObject({ maxCount: 1000, areListed: true });
    expect(await signedBy(presets.s3rver)).toMatchObject({ maxCount: 10_000, areListed: false });
  });

  it('accepts replacements for every setting of an s3Stores preset', async () => {
    expect((await signedBy({ ...presets.r2, acl: 'private' })).acl).toBe('private');
    expect((await signedBy({ ...presets.ceph, acl: 'none' })).acl).toBeUndefined();
  });

  it('includes the jurisdiction of R2 in the host name', () => {
    expect(s3Stores.r2({ accountId: 'acc', jurisdiction: 'eu' }).endpoint).toBe(
      'https://acc.eu.r2.cloudflarestorage.com',
    );
  });

  it('requires the settings of each s3Stores preset at compile time', () => {
    expectTypeOf(s3Stores.r2).parameter(0).toHaveProperty('accountId');
    expectTypeOf(s3Stores.wasabi).parameter(0).toEqualTypeOf<{ readonly region: string }>();
    expectTypeOf<ReturnType<(typeof s3Stores)[keyof typeof s3Stores]>>().toExtend<S3Preset>();
    // @ts-expect-error an account is needed
    const withoutAccount = () => s3Stores.r2({});
    // @ts-expect-error a bucket and credentials are needed
    const withoutBucket = () => s3({ ...s3Stores.r2({ accountId: 'acc' }) });
    expect([withoutAccount, withoutBucket]).toHaveLength(2);
  });
});

describe('the ACL of s3', () => {
  it.each([
    ['Amazon', {}, undefined],
    ['Amazon by its endpoint', { endpoint: 'https://s3.eu-central-1.amazonaws.com' }, undefined],
    ['Amazon in China', { endpoint: 'https://s3.cn-north-1.amazonaws.com.cn' }, undefined],
    ['a host that only ends alike', { endpoint: 'https://s3.notamazonaws.com' }, 'private'],
    ['another store', { endpoint: 'https://store.example' }, 'private'],
    ['a header that the host names', { ...own, objectHeaders: { 'X-Amz-Acl': 'public-read' } }, undefined],
  ])('signs a private ACL except at Amazon and when objectHeaders set one: %s', async (_, options, acl) => {
    expect((await signedBy({ region: 'eu-central-1', ...options })).acl).toBe(acl);
  });
});
