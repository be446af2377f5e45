import * as v from 'valibot';
import type { ProblemCode } from '../../../protocol/index.js';
import type { MetastudioErrorCode } from '../../../vendors/huawei-metastudio.js';
import type { EndpointError } from '../../errors.js';
import type { VendorReply } from '../../http.js';
import { lookUpProblem, problemOfStatus, refusalOf, type ProblemTable } from '../../kit/refusal.js';
import { errorSchema } from './wire.js';

/** "Error Codes". For codes that are not in here the HTTP status decides. */
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
const gatewayProblems: ProblemTable = {
  '0101': 'vendor-refused',
  '0201': 'vendor-refused',
  '0301': 'vendor-credentials',
  '0302': 'vendor-credentials',
  '0308': 'vendor-throttled',
};

/** The error that a refused call stands for. */
export function metastudioError(reply: VendorReply, what: string, nowMs: number): EndpointError {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), errorSchema), reply.text);
  const { error_code: code, request_id } = parsed.success ? parsed.output : {};
  return refusalOf(reply, {
    what,
    nowMs,
    problem:
      lookUpProblem(problems, code) ??
      lookUpProblem(gatewayProblems, code?.replace(/^APIG(W)?\./, '')) ??
      problemOfStatus(reply.status, { 401: 'vendor-credentials', 403: 'vendor-credentials' }),
    code,
    requestId: request_id ?? reply.headers.get('x-request-id'),
  });
}
