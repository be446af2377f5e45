import * as v from 'valibot';
import type { EndpointError } from '../../errors.js';
import type { VendorReply } from '../../http.js';
import { lookUpProblem, problemOfStatus, refusalOf, type ProblemTable } from '../../kit/refusal.js';
import { storeError } from '../../store/error.js';
import { errorSchema } from './wire.js';

/** API reference, "Error Codes". For codes that are not in here the HTTP status decides. */
const vodProblems: ProblemTable = {
  'VOD.10051': 'vendor-unavailable',
  'VOD.10052': 'vendor-unavailable',
  'VOD.10053': 'vendor-refused',
  'VOD.10054': 'vendor-credentials',
  'VOD.10055': 'vendor-credentials',
  'VOD.10056': 'vendor-credentials',
  'VOD.10057': 'vendor-credentials',
  'VOD.10061': 'media-state-conflict',
  'VOD.10062': 'media-not-found',
  'VOD.10063': 'file-refused',
  'VOD.10074': 'vendor-credentials',
  'VOD.10081': 'vendor-refused',
  'VOD.10083': 'media-state-conflict',
  'VOD.10111': 'vendor-credentials',
  'VOD.10120': 'vendor-credentials',
  'VOD.10126': 'media-state-conflict',
  'VOD.10127': 'vendor-throttled',
  'VOD.10132': 'vendor-credentials',
  'VOD.10133': 'vendor-credentials',
  'VOD.10135': 'media-state-conflict',
  'VOD.10138': 'vendor-credentials',
  'VST.10001': 'vendor-refused',
  'VST.10002': 'vendor-unavailable',
  'VST.10004': 'vendor-credentials',
};

/** API Gateway, "Error Codes"; the prefix is `APIGW.` or `APIG.`. */
const gatewayProblems: ProblemTable = {
  '0101': 'vendor-refused',
  '0201': 'vendor-refused',
  '0301': 'vendor-credentials',
  '0302': 'vendor-credentials',
  '0308': 'vendor-throttled',
};

/** OBS API reference, "Error Codes". The keys in these URLs are the service's, so a refused signature is not the operator's fault. */
const obsProblems: ProblemTable = {
  NoSuchUpload: 'upload-not-found',
  NoSuchKey: 'upload-not-found',
  RequestTimeout: 'vendor-unavailable',
  OperationAborted: 'vendor-unavailable',
  InternalError: 'vendor-unavailable',
  ServiceUnavailable: 'vendor-unavailable',
  SlowDown: 'vendor-throttled',
};

/** The error that a refused control-plane call stands for. */
export function vodError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorSchema), reply.text);
  const { error_code: code, error_msg: message, request_id } = parsed.success ? parsed.output : {};
  return refusalOf(reply, {
    what,
    nowMs,
    problem:
      lookUpProblem(vodProblems, code) ??
      lookUpProblem(gatewayProblems, code?.replace(/^APIG(W)?\./, '')) ??
      problemOfStatus(reply.status, { 401: 'vendor-credentials' }),
    code,
    requestId: request_id ?? reply.headers.get('x-request-id'),
    note: illegalField(message),
  });
}

/** The error that a refused call to the store stands for. */
export function obsError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const requestIdHeaders = ['x-obs-request-id', 'x-amz-request-id'];
  return storeError(reply, { codes: obsProblems, requestIdHeaders }, { what, nowMs });
}

/** The only useful part of the service's message. The code says the rest, and the message may repeat a key that was sent. */
function illegalField(message: string | null | undefined): string {
  const field = /illegal field:? \{?([a-z_0-9]{1,40})\b/i.exec(message ?? '')?.[1];
  return field ? `, illegal field: ${field}` : '';
}
