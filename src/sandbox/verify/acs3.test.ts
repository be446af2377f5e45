import { describe, expect, it } from 'vitest';
import { verifyAcs3 } from './acs3.js';
import data from './acs3.vectors.json' with { type: 'json' };

interface Vector {
  method: string;
  query: Record<string, string>;
  body: string | null;
  headers: Record<string, string>;
  signature: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  stringToSign?: string;
}

describe.each(data.vectors as unknown as Vector[])('ACS3, $method $headers.x-acs-action', (vector) => {
  const { method, query, body, signature, stringToSign } = vector;
  const accessKeyId = vector.accessKeyId ?? data.accessKeyId;
  const secret = vector.accessKeySecret ?? data.accessKeySecret;
  const nowMs = Date.parse(vector.headers['x-acs-date'] ?? '');
  const names = Object.keys(vector.headers).sort();
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;

  const verify = ({
    headers = {},
    now = nowMs,
    ...changes
  }: {
    headers?: Record<string, string | undefined>;
    now?: number;
    method?: string;
    query?: Record<string, string>;
    body?: string;
    secret?: string;
  } = {}) => {
    const all: Record<string, string | undefined> = { ...vector.headers, authorization, ...headers };
    const request = {
      method: changes.method ?? method,
      query: Object.entries(changes.query ?? query),
      header: (name: string) => all[name],
      body: Buffer.from(changes.body ?? body ?? ''),
    };
    return verifyAcs3(request, (id) => (id === accessKeyId ? (changes.secret ?? secret) : undefined), now);
  };

  it('accepts the ACS3 signature', () => {
    expect(verify()).toMatchObject({ ok: true, accessKeyId, nonce: vector.headers['x-acs-signature-nonce'] });
    const refused = verify({ secret: 'wrong' });
    expect(refused).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
    if (stringToSign !== undefined) expect(refused).toMatchObject({ detail: stringToSign });
  });

  it('refuses the ACS3 signature with anything changed, removed or added', () => {
    const mismatch = { ok: false, code: 'SignatureDoesNotMatch' };
    expect(verify({ method: 'PUT' })).toMatchObject(mismatch);
    expect(verify({ query: { ...query, Extra: '1' } })).toMatchObject(mismatch);
    expect(verify({ body: 'other' })).toMatchObject(mismatch);
    expect(verify({ headers: { 'x-acs-action': 'DeleteVideo' } })).toMatchObject(mismatch);
    expect(verify({ headers: { host: 'elsewhere' } })).toMatchObject(mismatch);
    expect(verify({ headers: { 'x-acs-signature-nonce': undefined } })).toMatchObject({
      code: 'MissingParameter',
    });
    expect(verify({ headers: { authorization: authorization.replace('host;', '') } })).toMatchObject(
      mismatch,
    );
    expect(verify({ headers: { authorization: 'ACS3-HMAC-SHA256 nothing' } })).toMatchObject({
      code: 'InvalidParameter',
    });
    expect(verify({ headers: { authorization: authorization.replace(accessKeyId, 'other') } })).toMatchObject(
      { code: 'InvalidAccessKeyId.NotFound' },
    );
  });

  it('accepts the ACS3 signature within fifteen minutes either way', () => {
    const window = 15 * 60_000;
    expect([nowMs - window, nowMs + window].map((now) => verify({ now }).ok)).toEqual([true, true]);
    for (const now of [nowMs - window - 1, nowMs + window + 1])
      expect(verify({ now })).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
    expect(verify({ headers: { 'x-acs-date': 'yesterday' } })).toMatchObject({
      code: 'InvalidTimeStamp.Format',
    });
  });
});
