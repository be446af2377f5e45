import { describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../../protocol/index.js';
import { vodErrors } from '../../../vendors/alibaba-vod.js';
import { isStale, ossError, vodError } from './errors.js';

const reply = (status: number, text: string, headers: Record<string, string> = {}) => ({
  status,
  text,
  headers: new Headers(headers),
});
const vod = (code: string, status: number = 400, message = 'm') =>
  vodError(
    reply(status, JSON.stringify({ Code: code, Message: message, RequestId: 'r' })),
    'CreateUploadVideo',
    0,
  );
const oss = (code: string, status: number) =>
  ossError(reply(status, `<Error><Code>${code}</Code><RequestId>r</RequestId></Error>`), 'list parts', 0);

describe('VOD errors of alibaba-vod', () => {
  it.each<[string, ProblemCode]>([
    ['AddVideoFailed', 'vendor-unavailable'],
    ['DeleteVideoFailed', 'vendor-unavailable'],
    ['InternalError', 'vendor-unavailable'],
    ['ServiceUnAvailable', 'vendor-unavailable'],
    ['Throttling.User', 'vendor-throttled'],
    ['Throttling', 'vendor-throttled'],
    ['Throttling.Api', 'vendor-throttled'],
    ['SignatureNonceUsed', 'vendor-throttled'],
    ['Forbidden', 'vendor-credentials'],
    ['Forbidden.RAM', 'vendor-credentials'],
    ['Forbidden.InitFailed', 'vendor-credentials'],
    ['NoPermission', 'vendor-credentials'],
    ['SignatureDoesNotMatch', 'vendor-credentials'],
    ['InvalidAccessKeyId.NotFound', 'vendor-credentials'],
    ['InvalidAccessKeyId.Inactive', 'vendor-credentials'],
    ['InvalidSecurityToken.Expired', 'vendor-credentials'],
    ['InvalidSecurityToken.Malformed', 'vendor-credentials'],
    ['MissingSecurityToken', 'vendor-credentials'],
    ['InvalidTimeStamp.Expired', 'vendor-credentials'],
    ['OperationDenied', 'vendor-credentials'],
    ['OperationDenied.Suspended', 'vendor-credentials'],
    ['InvalidVideo.NotFound', 'media-not-found'],
    ['InvalidFile.NotFound', 'media-not-found'],
    ['InvalidVideo.Damaged', 'media-state-conflict'],
    ['Forbidden.IllegalStatus', 'media-state-conflict'],
    ['InvalidMultipartUpload.NotFound', 'upload-not-found'],
    ['InvalidFileName.Extension', 'file-refused'],
    ['IllegalCharacters', 'vendor-refused'],
    ['LengthExceededMax', 'vendor-refused'],
    ['TagsExceededMax', 'vendor-refused'],
    ['InvalidTemplateGroupId.NotFound', 'vendor-refused'],
    ['InvalidStorage.NotFound', 'vendor-refused'],
    ['LimitExceeded.MediaIds', 'vendor-refused'],
    ['VideoIdsExceededMax', 'vendor-refused'],
    ['MissingParameter', 'vendor-refused'],
    ['InvalidParameter', 'vendor-refused'],
    ['SomethingNew', 'vendor-refused'],
  ])('maps the VOD error %s to %s', (code, problem) => {
    expect(vod(code)).toMatchObject({ code: problem, vendor: { code, requestId: 'r' } });
  });

  it.each(Object.entries(vodErrors))(
    'maps the VOD error %s to the same problem at its documented HTTP status',
    (code, [status]) => {
      expect(vod(code, status).code).toBe(vod(code).code);
    },
  );

  it.each<[number, ProblemCode]>([
    [302, 'vendor-invalid-reply'],
    [400, 'vendor-refused'],
    [401, 'vendor-credentials'],
    [403, 'vendor-refused'],
    [408, 'vendor-unavailable'],
    [429, 'vendor-throttled'],
    [500, 'vendor-unavailable'],
    [503, 'vendor-unavailable'],
  ])('maps HTTP %i of VOD without an error code to %s', (status, problem) => {
    expect(vodError(reply(status, '<html>'), 'CreateUploadVideo', 0).code).toBe(problem);
  });

  it('does not repeat the vendor’s error message, which may contain the signed string', () => {
    expect(
      vod('SignatureDoesNotMatch', 400, 'server string to sign is:GET&%2F&AccessKeyId%3DLTAI').message,
    ).toBe('CreateUploadVideo: HTTP 400 SignatureDoesNotMatch');
  });

  it('reads the Retry-After header', () => {
    expect(vodError(reply(429, '', { 'Retry-After': '3' }), 'x', 0).retryAfterMs).toBe(3000);
  });
});

describe('OSS errors of alibaba-vod', () => {
  it.each<[string, number, ProblemCode]>([
    ['NoSuchUpload', 404, 'upload-not-found'],
    ['NoSuchKey', 404, 'upload-not-found'],
    ['InternalError', 500, 'vendor-unavailable'],
    ['RequestTimeout', 400, 'vendor-unavailable'],
    ['ServiceUnavailable', 503, 'vendor-unavailable'],
    ['SignatureDoesNotMatch', 403, 'vendor-refused'],
    ['AccessDenied', 403, 'vendor-refused'],
    ['SecurityTokenExpired', 403, 'vendor-refused'],
    ['EntityTooSmall', 400, 'vendor-refused'],
    ['InvalidPart', 400, 'vendor-refused'],
    ['InvalidPartOrder', 400, 'vendor-refused'],
    ['MalformedXML', 400, 'vendor-refused'],
  ])('maps the OSS error %s with HTTP %i to %s', (code, status, problem) => {
    expect(oss(code, status)).toMatchObject({ code: problem, vendor: { code, requestId: 'r' } });
  });

  it.each([
    ['SecurityTokenExpired', true],
    ['InvalidAccessKeyId', true],
    ['InvalidSecurityToken', true],
    ['AccessDenied', false],
  ])('tells whether the OSS error %s requires new credentials: %s', (code, isIt) => {
    expect(isStale(oss(code, 403))).toBe(isIt);
  });

  it('maps HTTP 401 of the store to vendor-refused and reads the request id from the header', () => {
    expect(ossError(reply(401, '', { 'x-oss-request-id': 'h' }), 'list parts', 0)).toMatchObject({
      code: 'vendor-refused',
      vendor: { requestId: 'h' },
    });
  });
});
