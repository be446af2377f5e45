import type { Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { ListedPart } from '../../http/xml.js';
import { serveObject } from '../../object-api/serve.js';
import type { ObjectHeaders, StoredObject } from '../../store/object-store.js';
import type { RangeOutcome } from '../../store/range.js';
import type { S3ErrorCode } from '../../../vendors/s3.js';
import { S3Error } from './errors.js';

/**
 * Where the RADOS Gateway differs from S3, as observed at Ceph 16.2.15: `ceph.answers.json` has its answers, and
 * `ceph.test.ts` what is left.
 */

/** "GetObject" and "HeadObject", without part numbers and checksums, which it ignores. */
export function getAsCeph(object: StoredObject, request: SandboxRequest, etag: string): Reply {
  checkDates(request);
  const reply = serveObject(object, request, {
    etag,
    // One ETag, with or without quotes, and whatever follows it: no list, no weak one and no wildcard.
    matches: (header) => header.replace(/^"(.+)"$/, '$1').startsWith(etag.replaceAll('"', '')),
    rangeOf: cephRange,
    refuse: (reason) => new S3Error(reason),
  });
  if (reply.status === 304) return { status: 304 };
  if (reply.status !== 200 || request.header('range') === undefined) return reply;
  const range = `bytes 0-${object.sizeBytes - 1}/${object.sizeBytes}`;
  return { ...reply, headers: { ...reply.headers, 'Content-Range': range } };
}

/** The three forms of RFC 9110, the first also with an offset, and ISO 8601. */
const time = String.raw`\d{2}:\d{2}:\d{2}`;
const dateForms = new RegExp(
  [
    String.raw`^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} ${time} (GMT|[+-]\d{4})$`,
    String.raw`^[A-Z][a-z]{5,8}, \d{1,2}-[A-Z][a-z]{2}-\d{2} ${time} GMT$`,
    String.raw`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d ${time} \d{4}$`,
    String.raw`^\d{4}-\d{2}-\d{2}T${time}`,
  ].join('|'),
);

/** It refuses conditions whose date it cannot read; S3 ignores them. */
function checkDates(request: SandboxRequest): void {
  const dates = ['if-modified-since', 'if-unmodified-since'].map((name) => request.header(name));
  if (dates.some((date) => date !== undefined && !(dateForms.test(date) && Date.parse(date))))
    throw new S3Error('InvalidArgument');
}

/** Reads the first of several ranges, and numbers as C does: text that is no number counts as 0. */
function cephRange(header: string | undefined, sizeBytes: number): RangeOutcome {
  const match = /^\s*bytes\s*=(.*)$/i.exec(header ?? '');
  if (!match) return { kind: 'whole' };
  const [, first = '', last = ''] = /^([^-]*)-?(.*)$/.exec(match[1] ?? '') ?? [];
  const isSuffix = first === '';
  const lastNumber = last === '' ? -1 : leadingNumber(last);
  const start = isSuffix
    ? Math.max(0, lastNumber === 0 ? 0 : suffixStart(lastNumber, sizeBytes))
    : leadingNumber(first);
  const end = isSuffix || lastNumber < 0 ? sizeBytes : Math.min(sizeBytes, lastNumber + 1);
  const hasDash = match[1]?.includes('-') === true;
  if (!hasDash || start >= sizeBytes || start >= end) return { kind: 'unsatisfiable' };
  return { kind: 'slice', start, end };
}

/** `bytes=-` is read as if it were `bytes=1-`. */
function suffixStart(length: number, sizeBytes: number): number {
  return length < 0 ? -length : sizeBytes - length;
}

function leadingNumber(text: string): number {
  return Number(/^\s*(\d+)/.exec(text)?.[1] ?? 0);
}

/**
 * Conditions of a PUT. It takes ETags in `If-None-Match` too, which are met by no missing object. It compares them
 * without quotes, so that a quoted one matches nothing, ignores what follows, and answers 412 where S3 answers 404.
 */
export function checkWriteAsCeph(request: SandboxRequest, current: StoredObject | undefined): void {
  const matches = (header: string): boolean =>
    current !== undefined && header.startsWith(current.etag.replaceAll('"', ''));
  const [ifMatch, ifNoneMatch] = [request.header('if-match'), request.header('if-none-match')];
  const isMatched = ifMatch === undefined || (ifMatch === '*' ? current !== undefined : matches(ifMatch));
  const isOther =
    ifNoneMatch === undefined ||
    (ifNoneMatch === '*' ? current === undefined : current !== undefined && !matches(ifNoneMatch));
  if (!isMatched || !isOther) throw new S3Error('PreconditionFailed');
}

/** It keeps `aws-chunked` as an encoding and a type that is empty, has no limit of metadata, and writes `-` for `_`. */
export function describedAsCeph(request: SandboxRequest, described: ObjectHeaders): ObjectHeaders {
  const encoding = request.header('content-encoding');
  const headers = Object.entries(described.headers).map(([name, value]): [string, string] => [
    name.startsWith('x-amz-meta-') ? name.replaceAll('_', '-') : name,
    value,
  ]);
  return {
    contentType: request.header('content-type') ?? described.contentType,
    headers: {
      ...Object.fromEntries(headers),
      ...(encoding !== undefined && { 'Content-Encoding': encoding }),
    },
  };
}

/** It takes the parts of a complete request in any order, and the last of those that are named twice. */
export function listedAsCeph(listed: readonly ListedPart[]): ListedPart[] {
  const byNumber = new Map(listed.map((part) => [part.partNumber, part]));
  return [...byNumber.values()].sort((a, b) => a.partNumber - b.partNumber);
}

/** Whole numbers of every size are part numbers. */
export function partNumberOfCeph(text: string | undefined): number {
  if (text === undefined || !/^-?\d{1,9}$/.test(text)) throw new S3Error('InvalidArgument');
  return Number(text);
}

/** `Accept-Ranges` stands in errors and wherever an ETag does. */
export function asCeph(reply: Reply): Reply {
  const hasHeader = reply.status >= 400 || reply.headers?.['ETag'] !== undefined;
  return hasHeader ? { ...reply, headers: { 'Accept-Ranges': 'bytes', ...reply.headers } } : reply;
}

/** With STS on, it says the same of a wrong secret, an unknown key, and most that it cannot read. */
export function refusalOfCeph(code: S3ErrorCode): S3ErrorCode {
  if (code === 'AuthorizationHeaderMalformed') return 'InvalidArgument';
  return code === 'RequestTimeTooSkewed' ? code : 'AccessDenied';
}
