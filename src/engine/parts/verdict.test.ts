import { expect, it } from 'vitest';
import { judge, provesPart } from './verdict.js';

const md5Base64 = 'XUFAKrxLKna5cZ2REBfFkg==';
const hex = '5d41402abc4b2a76b9719d911017c592';

it.each([
  [{ status: 200, eTag: hex }, 'stored'],
  [{ status: 200, eTag: hex.toUpperCase() }, 'stored'],
  [{ status: 200 }, 'stored'],
  [{ status: 204, eTag: 'not-an-md5' }, 'stored'],
  [{ status: 200, eTag: 'ffffffffffffffffffffffffffffffff' }, 'damaged'],
  [{ status: 400, errorCode: 'BadDigest' }, 'damaged'],
  [{ status: 400, errorCode: 'InvalidDigest' }, 'damaged'],
  [{ status: 400, errorCode: 'ExpiredToken' }, 'refused-signature'],
  [{ status: 400, errorCode: 'IncompleteBody' }, 'later'],
  [{ status: 400, errorCode: 'InvalidArgument' }, 'refused'],
  [{ status: 401 }, 'refused-signature'],
  [{ status: 403, errorCode: 'SignatureDoesNotMatch' }, 'refused-signature'],
  [{ status: 403 }, 'refused-signature'],
  [{ status: 404, errorCode: 'NoSuchUpload' }, 'gone'],
  [{ status: 408 }, 'later'],
  [{ status: 409 }, 'later'],
  [{ status: 409, errorCode: 'FileAlreadyExists' }, 'stored'],
  [{ status: 412, errorCode: 'PreconditionFailed' }, 'stored'],
  [{ status: 412 }, 'stored'],
  [{ status: 411 }, 'refused'],
  [{ status: 413 }, 'refused'],
  [{ status: 429 }, 'later'],
  [{ status: 500 }, 'later'],
  [{ status: 503, errorCode: 'SlowDown' }, 'later'],
] as const)('judges the reply %j of the store as %s', (reply, verdict) => {
  expect(judge(reply, md5Base64, true)).toBe(verdict);
});

it('does not compare ETags that are no MD5s by the store’s own rule', () => {
  expect(judge({ status: 200, eTag: 'ffffffffffffffffffffffffffffffff' }, md5Base64, false)).toBe('stored');
});

it.each([
  ['an ETag that is an MD5', { status: 200, eTag: hex }, {}, true],
  ['a digest that the request signed', { status: 200 }, { 'Content-MD5': md5Base64 }, true],
  ['neither ETag nor digest', { status: 200 }, {}, false],
  ['a refusal because the object is there', { status: 412 }, { 'Content-MD5': md5Base64 }, false],
  ['a conflict that carries an ETag', { status: 409, eTag: hex }, {}, false],
])('counts a part as proven by %s: %o %o is %s', (_, reply, headers, isProven) => {
  expect(provesPart(reply, headers, true)).toBe(isProven);
});
