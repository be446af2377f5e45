import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../../protocol/index.js';
import { vodErrors } from '../../../vendors/huawei-vod.js';
import { obsError, vodError } from './errors.js';

const reply = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  text,
  headers: new Headers(headers),
});
const vod = (code: string, status = 403, message = 'm') =>
  vodError(reply(status, JSON.stringify({ error_code: code, error_msg: message })), 'create asset', 0);
const obs = (code: string, status: number) =>
  obsError(reply(status, `<Error><Code>${code}</Code></Error>`), 'list parts', 0);

describe('VOD errors of huawei-vod', () => {
  it.each<[string, ProblemCode]>([
    ['VOD.10051', 'vendor-unavailable'],
    ['VOD.10053', 'vendor-refused'],
    ['VOD.10054', 'vendor-credentials'],
    ['VOD.10057', 'vendor-credentials'],
    ['VOD.10061', 'media-state-conflict'],
    ['VOD.10062', 'media-not-found'],
    ['VOD.10063', 'file-refused'],
    ['VOD.10081', 'vendor-refused'],
    ['VOD.10126', 'media-state-conflict'],
    ['VOD.10127', 'vendor-throttled'],
    ['VOD.10135', 'media-state-conflict'],
    ['VOD.99999', 'vendor-refused'],
    ['APIGW.0301', 'vendor-credentials'],
    ['APIG.0301', 'vendor-credentials'],
    ['APIGW.0302', 'vendor-credentials'],
    ['APIGW.0308', 'vendor-throttled'],
    ['APIGW.0101', 'vendor-refused'],
    ['VST.10002', 'vendor-unavailable'],
  ])('maps the VOD error %s to %s', (code, problem) => {
    expect(vod(code)).toMatchObject({ code: problem, vendor: { code } });
  });

  it.each(Object.keys(vodErrors))('maps the documented VOD error %s to a specific problem', (code) => {
    expect(vod(code).code).not.toBe('internal');
  });

  it.each<[number, ProblemCode]>([
    [302, 'vendor-invalid-reply'],
    [400, 'vendor-refused'],
    [401, 'vendor-credentials'],
    [408, 'vendor-unavailable'],
    [429, 'vendor-throttled'],
    [500, 'vendor-unavailable'],
    [503, 'vendor-unavailable'],
  ])('maps HTTP %i of VOD without an error code to %s', (status, problem) => {
    expect(vodError(reply(status, '<html>'), 'create asset', 0).code).toBe(problem);
  });

  it('names the field that VOD reports as illegal and repeats nothing else of the vendor’s message', () => {
    expect(vod('VOD.10053', 400, 'The request parameter is illegal, illegal field: {title}.').message).toBe(
      'create asset: HTTP 400 VOD.10053, illegal field: title',
    );
    expect(vod('VOD.10053', 400, 'see https://x.test/?Signature=abc').message).toBe(
      'create asset: HTTP 400 VOD.10053',
    );
    expect(vod('APIGW.0301', 401, 'AK access failed: AKSECRET').message).toBe(
      'create asset: HTTP 401 APIGW.0301',
    );
  });

  it('reads both forms of the Retry-After header', () => {
    expect(vodError(reply(429, '', { 'Retry-After': '3' }), 'x', 0).retryAfterMs).toBe(3000);
    expect(
      vodError(
        reply(429, '', { 'Retry-After': 'Thu, 15 Jan 2026 08:30:05 GMT' }),
        'x',
        Date.UTC(2026, 0, 15, 8, 30),
      ).retryAfterMs,
    ).toBe(5000);
  });
});

describe('OBS errors of huawei-vod', () => {
  it.each<[string, number, ProblemCode]>([
    ['NoSuchUpload', 404, 'upload-not-found'],
    ['SlowDown', 503, 'vendor-throttled'],
    ['InternalError', 500, 'vendor-unavailable'],
    ['OperationAborted', 409, 'vendor-unavailable'],
    ['RequestTimeout', 408, 'vendor-unavailable'],
    ['SignatureDoesNotMatch', 403, 'vendor-refused'],
    ['EntityTooSmall', 400, 'vendor-refused'],
    ['InvalidPart', 400, 'vendor-refused'],
  ])('maps the OBS error %s with HTTP %i to %s', (code, status, problem) => {
    expect(obs(code, status)).toMatchObject({ code: problem, vendor: { code } });
  });

  it('maps HTTP 401 of the store to vendor-refused', () => {
    expect(obsError(reply(401, ''), 'list parts', 0).code).toBe('vendor-refused');
  });

  it('reads the request id from the body or the header', () => {
    expect(obsError(reply(403, '', { 'x-obs-request-id': 'r' }), 'x', 0).vendor).toEqual({ requestId: 'r' });
  });
});
