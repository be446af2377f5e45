import { describe, expect, it, vi } from 'vitest';
import { iamToken } from './iam-token.js';

const start = Date.UTC(2026, 0, 15);
const day = 24 * 3_600_000;

function setUp(reply?: () => Response) {
  const clock = { now: start };
  let issued = 0;
  const issue = () =>
    Response.json(
      { token: { expires_at: new Date(clock.now + day).toISOString() } },
      { status: 201, headers: { 'X-Subject-Token': `token-${++issued}` } },
    );
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve((reply ?? issue)()));
  const token = iamToken({
    endpoint: 'https://iam.test',
    userName: 'u',
    password: 'PASSWORD',
    domainName: 'd',
    projectName: 'cn-north-4',
    fetch,
    now: () => clock.now,
  });
  return { clock, fetch, token };
}

describe('IAM user tokens', () => {
  it('requests an IAM token that is scoped to the project', async () => {
    const { fetch, token } = setUp();
    expect(await token()).toBe('token-1');
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('https://iam.test/v3/auth/tokens');
    expect(JSON.parse(init?.body as string)).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'u', password: 'PASSWORD', domain: { name: 'd' } } },
        },
        scope: { project: { name: 'cn-north-4' } },
      },
    });
  });

  it('requests one IAM token for concurrent callers and renews it before it expires', async () => {
    const { clock, fetch, token } = setUp();
    expect(new Set(await Promise.all(Array.from({ length: 10 }, token)))).toEqual(new Set(['token-1']));
    clock.now += day - 11 * 60_000;
    expect(await token()).toBe('token-1');
    clock.now += 2 * 60_000;
    expect(new Set(await Promise.all([token(), token()]))).toEqual(new Set(['token-2']));
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it.each([
    [401, 'vendor-credentials'],
    [429, 'vendor-throttled'],
    [200, 'vendor-credentials'],
  ])(
    'reports HTTP %i of the IAM service as %s and requests a token again on the next call',
    async (status, code) => {
      const { fetch, token } = setUp(
        () => new Response('PASSWORD', { status, headers: { 'Retry-After': '60' } }),
      );
      const error: unknown = await token().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain('PASSWORD');
      const before = fetch.mock.calls.length;
      await token().catch(() => undefined);
      expect(fetch.mock.calls.length).toBeGreaterThan(before);
    },
  );

  it('reports an invalid reply when the IAM answer contains no token', async () => {
    const { token } = setUp(() => Response.json({ token: { expires_at: 'soon' } }, { status: 201 }));
    await expect(token()).rejects.toMatchObject({ code: 'vendor-invalid-reply' });
  });
});
