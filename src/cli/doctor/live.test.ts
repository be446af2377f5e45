import { describe, expect, it } from 'vitest';
import { s3, s3Stores, type S3Options } from '../../server/index.js';
import { examineConfiguration } from './doctor.js';

const { env } = process;
const secret = 'a secret of more than thirty-two characters';
/** The CORS rule of the test store allows every page on this machine. */
const origin = 'http://127.0.0.1:5173';

describe.skipIf(!env['S3_ENDPOINT'])('vodrop doctor with a real store', () => {
  const examine = (options: Partial<S3Options> = {}, from = origin) => {
    const provider = s3({
      ...s3Stores.ceph({ endpoint: env['S3_ENDPOINT'] ?? '' }),
      region: env['S3_REGION'] ?? 'us-east-1',
      bucket: env['S3_BUCKET'] ?? '',
      forcePathStyle: env['S3_FORCE_PATH_STYLE'] === 'true',
      credentials: {
        accessKeyId: env['S3_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: env['S3_SECRET_ACCESS_KEY'] ?? '',
      },
      ...options,
    });
    return examineConfiguration({ providers: [provider], secret }, { origins: [from] });
  };
  const troubles = async (checks: ReturnType<typeof examine>) =>
    (await checks).filter(({ outcome }) => outcome === 'fault');

  it('finds no fault, and that unfinished uploads stay', async () => {
    const checks = await examine();
    expect(checks.filter(({ outcome }) => outcome === 'fault')).toEqual([]);
    expect(checks).toContainEqual(expect.objectContaining({ check: 'etag', outcome: 'ok' }));
    expect(checks).toContainEqual(expect.objectContaining({ check: 'lifecycle', outcome: 'warning' }));
  });

  it('names the origin that the bucket does not allow', async () => {
    const [fault] = await troubles(examine({}, 'https://app.example.com'));
    expect(fault).toMatchObject({ check: 'cors' });
    expect(fault?.remedy).toContain('AllowedOrigin https://app.example.com');
  });

  it('names wrong keys, a wrong bucket and a wrong clock', async () => {
    const accessKeyId = env['S3_ACCESS_KEY_ID'] ?? '';
    const [keys] = await troubles(examine({ credentials: { accessKeyId, secretAccessKey: 'wrong' } }));
    expect(keys).toMatchObject({ check: 'keys', remedy: expect.stringMatching(/secret key/) as string });
    const [bucket] = await troubles(examine({ bucket: 'vodrop-missing' }));
    expect(bucket?.remedy).toMatch(/no such bucket/);
    const [clock] = await troubles(examine({ now: () => Date.now() - 3_600_000 }));
    expect(clock?.remedy).toMatch(/clock of the server/);
  });
});
