import { describe, expect, it } from 'vitest';
import { assumeRole } from './assume-role.js';

const answer = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>
<SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t0ken</SessionToken><Expiration>2026-01-15T09:30:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>AKOWN</Message></Error></ErrorResponse>`;

function setUp(...answers: Response[]) {
  const seen: Request[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    seen.push(new Request(input, init));
    return Promise.resolve(answers.shift() ?? new Response(answer));
  };
  const keys = assumeRole({
    region: 'eu-west-3',
    roleArn: 'arn:aws:iam::1:role/up loader',
    policy: '{"Version":"2012-10-17"}',
    durationSeconds: 900,
    credentials: { accessKeyId: 'AKOWN', secretAccessKey: 'own-secret' },
    fetch,
    now: () => Date.UTC(2026, 0, 15, 8, 30),
  });
  return { keys, seen };
}

describe('assumeRole', () => {
  it('sends a signed AssumeRole form to the STS endpoint of the region', async () => {
    const { keys, seen } = setUp();
    expect(await keys()).toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's3cr3t',
      sessionToken: 't0ken',
      expiresAt: Date.UTC(2026, 0, 15, 9, 30),
    });
    const [request] = seen;
    expect(request?.url).toBe('https://sts.eu-west-3.amazonaws.com/');
    expect(request?.headers.get('authorization')).toContain(
      'Credential=AKOWN/20260115/eu-west-3/sts/aws4_request',
    );
    expect(Object.fromEntries(new URLSearchParams(await request?.text()))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::1:role/up loader',
      RoleSessionName: 'vodrop',
      DurationSeconds: '900',
      Policy: '{"Version":"2012-10-17"}',
    });
  });

  it('reads temporary keys from XML with character references, CDATA sections and prefixed elements', async () => {
    const written = answer
      .replace(/<(\/?)(\w)/g, '<$1sts:$2')
      .replace('xmlns=', 'xmlns:sts=')
      .replace('s3cr3t', 's3&#x2F;cr&#43;3t')
      .replace('t0ken', '<![CDATA[t0ken==]]>');
    const { keys } = setUp(new Response(written));
    expect(await keys()).toMatchObject({ secretAccessKey: 's3/cr+3t', sessionToken: 't0ken==' });
  });

  it.each([
    [403, refusal('AccessDenied'), 'vendor-credentials'],
    [403, refusal('InvalidClientTokenId'), 'vendor-credentials'],
    [302, '', 'vendor-credentials'],
    [200, 'no xml', 'vendor-invalid-reply'],
    [200, answer.replace('2026-01-15T09:30:00Z', 'soon'), 'vendor-invalid-reply'],
  ])('reports an STS answer with HTTP %i as a final error without secrets', async (status, text, code) => {
    const { keys, seen } = setUp(new Response(text, { status }));
    const error = (await keys().catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code });
    expect(error.message).not.toMatch(/AKOWN|own-secret|s3cr3t|t0ken/);
    expect(seen).toHaveLength(1);
  });

  it.each([
    [500, ''],
    [429, ''],
    [400, refusal('Throttling')],
  ])('repeats the AssumeRole call after HTTP %i', async (status, text) => {
    const { keys, seen } = setUp(new Response(text, { status }));
    expect(await keys()).toMatchObject({ accessKeyId: 'ASIA1' });
    expect(seen).toHaveLength(2);
  });
});
