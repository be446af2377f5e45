import * as v from 'valibot';
import type { ProblemCode } from '../../../protocol/index.js';
import type { MetastudioErrorCode } from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { retryAfterMs, type VendorReply } from '../../http.js';
import { errorSchema } from './wire.js';

/** "Error Codes". What is not in here is told apart by its HTTP status. */
const problems: Readonly<Record<MetastudioErrorCode, ProblemCode>> = {
  'MSS.00000001': 'vendor-credentials',
  'MSS.00000002': 'vendor-refused',
  'MSS.00000003': 'vendor-refused',
  'MSS.00000004': 'vendor-unavailable',
  'MSS.00010003': 'vendor-refused',
  'MSS.00010004': 'vendor-refused',
  'MSS.00010008': 'vendor-credentials',
  'MSS.00010009': 'vendor-credentials',
  'MSS.10000002': 'vendor-refused',
  'MSS.10000003': 'vendor-refused',
  'MSS.10001001': 'media-not-found',
  'MSS.10001002': 'vendor-refused',
  'MSS.10001003': 'file-refused',
  'MSS.10001004': 'upload-not-found',
  'MSS.10001005': 'vendor-refused',
  'MSS.10001006': 'vendor-unavailable',
  'MSS.10001007': 'file-refused',
  'MSS.10001008': 'media-state-conflict',
  'MSS.10001009': 'media-state-conflict',
};

/** API Gateway, "Error Codes"; the prefix is `APIGW.` or `APIG.`. */
const gatewayProblems: Readonly<Record<string, ProblemCode>> = {
  '0101': 'vendor-refused',
  '0201': 'vendor-refused',
  '0301': 'vendor-credentials',
  '0302': 'vendor-credentials',
  '0308': 'vendor-throttled',
};

/** The error that a refused call stands for. The service's words are left out: they could repeat what was sent. */
export function metastudioError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorSchema), reply.text);
  const { error_code: code, request_id } = parsed.success ? parsed.output : {};
  const requestId = request_id ?? reply.headers.get('x-request-id');
  const delayMs = retryAfterMs(reply.headers, nowMs);
  return new EndpointError((code ? known(code) : undefined) ?? byStatus(reply.status), {
    detail: `${what}: HTTP ${reply.status}${code ? ` ${code}` : ''}`,
    vendor: { ...(code && { code }), ...(requestId && { requestId }) },
    ...(delayMs !== undefined && { retryAfterMs: delayMs }),
  });
}

function known(code: string): ProblemCode | undefined {
  return Object.hasOwn(problems, code)
    ? problems[code as MetastudioErrorCode]
    : gatewayProblems[code.replace(/^APIG(W)?\./, '')];
}

function byStatus(status: number): ProblemCode {
  if (status === 401 || status === 403) return 'vendor-credentials';
  if (status === 429) return 'vendor-throttled';
  if (status === 408 || status >= 500) return 'vendor-unavailable';
  return status < 400 ? 'vendor-invalid-reply' : 'vendor-refused';
}
