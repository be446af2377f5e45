import * as v from 'valibot';
import type { ProblemCode } from '../../../protocol/index.js';
import { EndpointError } from '../../errors.js';
import { retryAfterMs, type VendorReply } from '../../http.js';
import { parseXml, storeErrorSchema } from '../../store-xml.js';
import { errorSchema } from './wire.js';

/** API reference, "Error Codes". Codes that are not in here are told apart by their HTTP status. */
const vodProblems: Readonly<Record<string, ProblemCode>> = {
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
const gatewayProblems: Readonly<Record<string, ProblemCode>> = {
  '0101': 'vendor-refused',
  '0201': 'vendor-refused',
  '0301': 'vendor-credentials',
  '0302': 'vendor-credentials',
  '0308': 'vendor-throttled',
};

/** OBS API reference, "Error Codes". The keys in these URLs are the service's, so a refused signature is not the operator's doing. */
const obsProblems: Readonly<Record<string, ProblemCode>> = {
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
  const requestId = request_id ?? reply.headers.get('x-request-id');
  const known = code ? (vodProblems[code] ?? gatewayProblems[code.replace(/^APIG(W)?\./, '')]) : undefined;
  const detail = `${what}: HTTP ${reply.status}${code ? ` ${code}` : ''}${illegalField(message)}`;
  return refusal(
    known ?? byStatus(reply.status),
    detail,
    { code, requestId },
    retryAfterMs(reply.headers, nowMs),
  );
}

/** The error that a refused call to the store stands for; its body is XML, and may be absent. */
export function obsError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const body = parseXml(storeErrorSchema, reply.text)?.Error;
  const requestId =
    body?.RequestId ?? reply.headers.get('x-obs-request-id') ?? reply.headers.get('x-amz-request-id');
  const known = body ? obsProblems[body.Code] : undefined;
  const status = byStatus(reply.status);
  const problem = known ?? (status === 'vendor-credentials' ? 'vendor-refused' : status);
  return refusal(
    problem,
    `${what}: HTTP ${reply.status}${body ? ` ${body.Code}` : ''}`,
    { code: body?.Code, requestId },
    retryAfterMs(reply.headers, nowMs),
  );
}

function byStatus(status: number): ProblemCode {
  if (status === 401) return 'vendor-credentials';
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  return status < 400 ? 'vendor-invalid-reply' : 'vendor-refused';
}

function refusal(
  problem: ProblemCode,
  detail: string,
  vendor: { code?: string | null | undefined; requestId?: string | null | undefined },
  retryAfter: number | undefined,
): EndpointError {
  return new EndpointError(problem, {
    detail,
    vendor: {
      ...(vendor.code && { code: vendor.code }),
      ...(vendor.requestId && { requestId: vendor.requestId }),
    },
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  });
}

/** The one thing worth reading in the service's words. The rest is said by the code, and could repeat a key that was sent. */
function illegalField(message: string | null | undefined): string {
  const field = /illegal field:? \{?([a-z_0-9]{1,40})\b/i.exec(message ?? '')?.[1];
  return field ? `, illegal field: ${field}` : '';
}
