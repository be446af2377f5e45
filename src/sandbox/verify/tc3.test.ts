import { describe, expect, it } from 'vitest';
import { verifyTc3, type Tc3Request, type Tc3Rules } from './tc3.js';
import vectors from './tc3.vectors.json' with { type: 'json' };

const { secretId, secretKey, timestamp } = vectors;
const rules: Tc3Rules = {
  findSecret: (id) => (id === secretId ? secretKey : undefined),
  nowMs: timestamp * 1000,
  service: 'vod',
};

function requestOf(
  { method, url, contentType, body, authorization }: (typeof vectors.signed)[number],
  changed: Record<string, string> = {},
): Tc3Request {
  const { host, search } = new URL(url);
  const headers: Record<string, string> = {
    host,
    'content-type': contentType,
    'x-tc-timestamp': String(timestamp),
    authorization,
    ...changed,
  };
  return {
    method,
    rawQuery: search.slice(1),
    header: (name) => headers[name.toLowerCase()],
    body: new TextEncoder().encode(body),
  };
}

describe.each(vectors.signed)('vector $name', (vector) => {
  const request = requestOf(vector);

  it('accepts the TC3 signature unchanged', () => {
    expect(verifyTc3(request, rules)).toEqual({ ok: true, secretId });
  });

  it('refuses the TC3 signature with any signed part changed', () => {
    const forged: Tc3Request[] = [
      { ...request, method: 'PUT' },
      { ...request, body: new TextEncoder().encode('{"other":1}') },
      requestOf(vector, { host: 'elsewhere.example' }),
      requestOf(vector, { 'content-type': 'text/plain' }),
      requestOf(vector, { 'x-tc-timestamp': String(timestamp + 1) }),
      requestOf(vector, { authorization: vector.authorization.replace('/vod/', '/cvm/') }),
      ...(vector.method === 'GET' ? [{ ...request, rawQuery: `${request.rawQuery}0` }] : []),
    ];
    for (const one of forged) expect(verifyTc3(one, rules)).toEqual({ ok: false, reason: 'mismatch' });
    expect(verifyTc3(request, { ...rules, findSecret: () => 'another' })).toEqual({
      ok: false,
      reason: 'mismatch',
    });
    expect(verifyTc3(request, { ...rules, findSecret: () => undefined })).toEqual({
      ok: false,
      reason: 'unknown-key',
    });
  });

  it('accepts the TC3 signature within five minutes either way, and no second longer', () => {
    for (const off of [-300, 300])
      expect(verifyTc3(request, { ...rules, nowMs: (timestamp + off) * 1000 }).ok).toBe(true);
    for (const off of [-301, 301])
      expect(verifyTc3(request, { ...rules, nowMs: (timestamp + off) * 1000 })).toEqual({
        ok: false,
        reason: 'skewed',
      });
  });
});

const [first] = vectors.signed;
if (!first) throw new Error('no vectors');

it('requires the service in the scope, unless any is accepted', () => {
  expect(verifyTc3(requestOf(first), { ...rules, service: 'cvm' })).toEqual({
    ok: false,
    reason: 'mismatch',
  });
  expect(verifyTc3(requestOf(first), { ...rules, service: null }).ok).toBe(true);
});

it("requires the scope's date to match the timestamp", () => {
  const authorization = first.authorization.replace('2025-10-09', '2025-10-08');
  expect(verifyTc3(requestOf(first, { authorization }), rules)).toEqual({ ok: false, reason: 'skewed' });
});

it.each([
  ['no header', { authorization: '' }],
  ['another scheme', { authorization: 'Bearer x' }],
  [
    'a list without the host',
    { authorization: first.authorization.replace('content-type;host', 'content-type') },
  ],
  [
    'an unsorted list',
    { authorization: first.authorization.replace('content-type;host', 'host;content-type') },
  ],
  ['no timestamp', { 'x-tc-timestamp': '' }],
])('refuses an unreadable signature: %s', (_, changed) => {
  expect(verifyTc3(requestOf(first, changed), rules)).toEqual({ ok: false, reason: 'malformed' });
});
