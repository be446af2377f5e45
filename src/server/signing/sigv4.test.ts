import { describe, expect, it } from 'vitest';
import { presignSigV4, signSigV4, type SigV4Keys } from './sigv4.js';
import vectors from './sigv4.vectors.json' with { type: 'json' };

interface Vector {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly date: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string[][];
  readonly headers: object;
  readonly signature: string;
}

const presigned: readonly (Vector & { expiresInSeconds: number })[] = vectors.presigned;
const inHeaders: readonly (Vector & { body: string })[] = vectors.header;

const requestOf = ({ method, host, path, query, headers }: Vector) => ({
  method,
  host,
  path,
  headers: headers as Record<string, string>,
  query: query.map(([name = '', value = '']) => [name, value] as const),
});
const keysOf = ({ accessKeyId, secretAccessKey, sessionToken }: Vector): SigV4Keys => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken !== undefined && { sessionToken }),
});
const dateOf = (text: string) =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
const presign = (vector: (typeof presigned)[number], changes: object = {}, keys = keysOf(vector)) =>
  presignSigV4({ ...requestOf(vector), ...changes }, keys, {
    region: vector.region,
    date: dateOf(vector.date),
    expiresInSeconds: vector.expiresInSeconds,
  });

describe('AWS Signature Version 4 in the query string', () => {
  it.each(presigned)('computes the same SigV4 query signature as the test vector: $name', (vector) => {
    expect(presign(vector)).toMatch(new RegExp(`&X-Amz-Signature=${vector.signature}$`));
  });

  it.each(presigned)('changes the SigV4 query signature when any signed input changes: $name', (vector) => {
    const signatureOf = (query: string) => query.split('X-Amz-Signature=')[1];
    const changes = [
      { method: 'POST' },
      { host: 'elsewhere.test' },
      { path: '/other' },
      { query: [['other', '1']] },
      { headers: { 'content-md5': 'other' } },
    ];
    for (const change of changes) expect(signatureOf(presign(vector, change))).not.toBe(vector.signature);
    expect(signatureOf(presign(vector, {}, { ...keysOf(vector), secretAccessKey: 'other' }))).not.toBe(
      vector.signature,
    );
    expect(signatureOf(presign(vector, {}, { ...keysOf(vector), sessionToken: 'other' }))).not.toBe(
      vector.signature,
    );
    expect(signatureOf(presign({ ...vector, expiresInSeconds: 1 }))).not.toBe(vector.signature);
    expect(signatureOf(presign({ ...vector, region: 'elsewhere' }))).not.toBe(vector.signature);
    expect(signatureOf(presign({ ...vector, date: '20260116T083000Z' }))).not.toBe(vector.signature);
  });

  it('does not write the secret access key into a SigV4 presigned URL', () => {
    for (const vector of presigned)
      expect(decodeURIComponent(presign(vector))).not.toContain(vector.secretAccessKey);
  });
});

it('names absent headers as signed, in order, and gives them no line', () => {
  const [vector] = presigned;
  if (!vector) throw new Error('no vectors');
  const names = (absentHeaders: string[]) =>
    new URLSearchParams(presign(vector, { headers: {}, absentHeaders })).get('X-Amz-SignedHeaders');
  expect(names(['x-amz-copy-source', 'a'])).toBe('a;host;x-amz-copy-source');
  expect(names([])).toBe('host');
});

describe('AWS Signature Version 4 in headers', () => {
  it.each(inHeaders)('computes the same SigV4 header signature as the test vector: $name', (vector) => {
    const headers = signSigV4({ ...requestOf(vector), body: vector.body }, keysOf(vector), {
      region: vector.region,
      date: dateOf(vector.date),
    });
    expect(headers['Authorization']).toMatch(new RegExp(`Signature=${vector.signature}$`));
    expect(headers['x-amz-security-token']).toBe(vector.sessionToken);
  });

  it('changes the SigV4 header signature when the body changes', () => {
    const [vector] = inHeaders;
    if (!vector) throw new Error('no vectors');
    const headers = signSigV4({ ...requestOf(vector), body: 'other' }, keysOf(vector), {
      region: vector.region,
      date: dateOf(vector.date),
    });
    expect(headers['Authorization']).not.toContain(vector.signature);
  });
});

it('computes the correct SigV4 signature after 100 other keys have passed through the key cache', () => {
  const [vector] = presigned;
  if (!vector) throw new Error('no vectors');
  for (let i = 0; i < 100; i++) presign(vector, {}, { accessKeyId: 'A', secretAccessKey: `key ${i}` });
  expect(presign(vector)).toContain(vector.signature);
});
