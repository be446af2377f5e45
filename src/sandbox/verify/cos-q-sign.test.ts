import { describe, expect, it } from 'vitest';
import { parseQuery, type QueryPair } from '../http/encoding.js';
import { looksSignedForCos, verifyCos, type CosKey, type CosRequest, type CosRules } from './cos-q-sign.js';
import vectors from './cos-q-sign.vectors.json' with { type: 'json' };

const { secretId, secretKey, token, guide } = vectors;
const key: CosKey = { secretKey, token, expiresAt: 1760003600 };
const rules: CosRules = { findKey: (id) => (id === secretId ? key : undefined), nowMs: 1760000005_000 };

function requestOf(
  method: string,
  path: string,
  query: readonly QueryPair[],
  headers: Record<string, string | undefined>,
): CosRequest {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return { method, path, query, header: (name) => lower[name.toLowerCase()] };
}

interface Case {
  name: string;
  request: CosRequest;
}

const cases: Case[] = [
  ...vectors.signed.map(({ name, method, pathname, query, headers, authorization }): Case => ({
    name,
    request: requestOf(method, encodeURI(pathname), Object.entries(query), {
      ...headers,
      [`x-cos-security-token`]: token,
      authorization,
    }),
  })),
  ...Object.entries(vectors.presigned).map(([name, url]): Case => {
    const { host, pathname, search } = new URL(url);
    return {
      name,
      request: requestOf(name === 'presignGet' ? 'GET' : 'PUT', pathname, parseQuery(search.slice(1)), {
        host,
      }),
    };
  }),
];

describe.each(cases)('vector $name', ({ request }) => {
  it('accepts the COS signature unchanged', () => {
    expect(verifyCos(request, rules)).toEqual({ ok: true, secretId });
  });

  it('refuses the COS signature with any signed part changed', () => {
    expect(verifyCos({ ...request, method: 'HEAD' }, rules)).toMatchObject({ ok: false, reason: 'mismatch' });
    expect(verifyCos({ ...request, path: '/dir/other.mp4' }, rules)).toMatchObject({
      ok: false,
      reason: 'mismatch',
    });
    expect(verifyCos(request, { ...rules, findKey: () => ({ ...key, secretKey: 'another' }) })).toMatchObject(
      { ok: false, reason: 'mismatch' },
    );
    expect(verifyCos(request, { ...rules, findKey: () => undefined })).toEqual({
      ok: false,
      reason: 'unknown-key',
    });
    for (const [name] of request.query.filter(([one]) =>
      ['partNumber', 'uploadId', 'uploads', 'max-parts'].includes(one),
    )) {
      const changed = request.query.map((pair): QueryPair =>
        pair[0] === name ? [name, `${pair[1]}9`] : pair,
      );
      expect(verifyCos({ ...request, query: changed }, rules)).toMatchObject({
        ok: false,
        reason: 'mismatch',
      });
      expect(
        verifyCos({ ...request, query: request.query.filter(([one]) => one !== name) }, rules),
      ).toMatchObject({ ok: false, reason: 'mismatch' });
    }
  });

  it('requires the token of a temporary key', () => {
    const without = {
      ...request,
      query: request.query.filter(([name]) => !name.startsWith('x-cos-')),
      header: (name: string) => (name.startsWith('x-cos-') ? undefined : request.header(name)),
    };
    expect(verifyCos(without, rules)).toEqual({ ok: false, reason: 'token' });
    expect(verifyCos(request, { ...rules, findKey: () => ({ ...key, token: 'another' }) })).toEqual({
      ok: false,
      reason: 'token',
    });
  });

  it('accepts the COS signature within its window and the lifetime of its key', () => {
    const window = (nowMs: number, more: Partial<CosRules> = {}) =>
      verifyCos(request, { ...rules, findKey: () => ({ ...key, expiresAt: 1760009999 }), nowMs, ...more });
    expect(window(1760003600_999).ok).toBe(true);
    expect(window(1760003605_000)).toEqual({ ok: false, reason: 'expired' });
    expect(window(1759999999_999)).toEqual({ ok: false, reason: 'expired' });
    expect(window(1759999999_999, { isFutureTaken: true }).ok).toBe(true);
    expect(window(1760000005_000, { isExpired: true })).toEqual({ ok: false, reason: 'expired' });
    expect(verifyCos(request, { ...rules, nowMs: 1760003601_000 })).toEqual({
      ok: false,
      reason: 'key-expired',
    });
  });
});

it("accepts the page's worked example", () => {
  const [start = ''] = guide.keyTime.split(';');
  const authorization = `q-sign-algorithm=sha1&q-ak=id&q-sign-time=${guide.keyTime}&q-key-time=${guide.keyTime}&q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read&q-url-param-list=&q-signature=${guide.signature}`;
  const request = requestOf(guide.method, encodeURI(guide.pathname), [], { ...guide.headers, authorization });
  expect(
    verifyCos(request, { findKey: () => ({ secretKey: guide.secretKey }), nowMs: Number(start) * 1000 }),
  ).toEqual({ ok: true, secretId: 'id' });
});

describe('what is signed', () => {
  const [part] = vectors.signed.filter(({ name }) => name === 'cos-uploadpart-md5-length');
  if (!part) throw new Error('no vector');
  const headers = { ...part.headers, 'x-cos-security-token': token, authorization: part.authorization };
  const send = (changed: Record<string, string | undefined>) =>
    verifyCos(requestOf('PUT', part.pathname, Object.entries(part.query), { ...headers, ...changed }), rules);

  it('requires signed parts to arrive unchanged', () => {
    expect(send({})).toMatchObject({ ok: true });
    for (const changed of [
      { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
      { 'Content-MD5': undefined },
      { 'Content-Length': '1' },
      { Host: 'elsewhere' },
    ])
      expect(send(changed)).toMatchObject({ ok: false, reason: 'mismatch' });
  });

  it('accepts lists of names in any case, and unsigned parts', () => {
    expect(
      send({
        authorization: part.authorization.replace('partnumber;uploadid', 'partNumber;uploadId'),
        'Content-Type': 'text/plain',
      }),
    ).toMatchObject({ ok: true });
  });

  it('reports the string to sign, never the secret', () => {
    const outcome = send({ Host: 'elsewhere' });
    expect(outcome).toMatchObject({
      stringToSign: expect.stringMatching(/^sha1\n1760000000;1760003600\n[0-9a-f]{40}\n$/) as string,
    });
    expect(JSON.stringify(outcome)).not.toContain(secretKey);
  });

  it.each([
    ['unsigned', undefined],
    ['malformed', 'Bearer x'],
    ['malformed', part.authorization.replace('sha1', 'sha256')],
    ['malformed', part.authorization.replace(/q-sign-time=[\d;]+/, 'q-sign-time=soon')],
    ['malformed', part.authorization.replace(/&q-header-list=[^&]*/, '')],
    ['malformed', part.authorization.replace(/[0-9a-f]{40}$/, 'short')],
  ])('is %s when the header is %s', (reason, authorization) => {
    expect(send({ authorization })).toEqual({ ok: false, reason });
  });

  it('is recognised in header and query', () => {
    expect(cases.every(({ request }) => looksSignedForCos(request))).toBe(true);
    expect(looksSignedForCos(requestOf('GET', '/', [['uploads', '']], {}))).toBe(false);
  });
});
