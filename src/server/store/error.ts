import type { EndpointError } from '../errors.js';
import type { VendorReply } from '../http.js';
import {
  lookUpProblem,
  problemOfStatus,
  refusalOf,
  type ProblemTable,
  type StatusTable,
} from '../kit/refusal.js';
import { parseXml } from '../xml.js';
import { storeErrorSchema } from './xml.js';

/** How the errors of one store are read. */
export interface StoreProblems {
  /** By the code in the body. */
  readonly codes: ProblemTable;
  /** Where the body has none, or one that is not in `codes`. */
  readonly statuses?: StatusTable;
  /** Headers that carry the request id where the body does not, as in the reply to a HEAD. */
  readonly requestIdHeaders: readonly string[];
}

/** The error that a refused call to the store stands for; its body is XML, and may be absent. */
export function storeError(
  reply: VendorReply,
  { codes, statuses, requestIdHeaders }: StoreProblems,
  { what, nowMs }: { readonly what: string; readonly nowMs: number },
): EndpointError {
  const body = parseXml(storeErrorSchema, reply.text)?.Error;
  const inHeaders = requestIdHeaders.map((name) => reply.headers.get(name)).find((id) => id !== null);
  return refusalOf(reply, {
    what,
    nowMs,
    problem: lookUpProblem(codes, body?.Code) ?? problemOfStatus(reply.status, statuses),
    code: body?.Code,
    requestId: body?.RequestId ?? inHeaders,
  });
}
