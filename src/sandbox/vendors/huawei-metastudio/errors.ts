import { randomUUID } from 'node:crypto';
import { metastudioErrors, type MetastudioErrorCode } from '../../../vendors/huawei-metastudio.js';
import { json, type Reply } from '../../http/reply.js';

/** A refusal of MetaStudio: `{"error_code","error_msg"}` ("Confirming the Upload of a File", tables 5 to 7). */
export class MetastudioError extends Error {
  override name = 'MetastudioError';
  readonly code: MetastudioErrorCode;

  constructor(code: MetastudioErrorCode) {
    super(metastudioErrors[code][1]);
    this.code = code;
  }
}

export function errorReply(error: MetastudioError): Reply {
  return json(
    metastudioErrors[error.code][0],
    { error_code: error.code, error_msg: error.message },
    requestId(),
  );
}

/** The API gateway refuses in its own format. */
export function gatewayReply(): Reply {
  const id = randomUUID().replaceAll('-', '');
  return json(401, {
    error_msg: 'Incorrect IAM authentication information: verify aksk signature fail',
    error_code: 'APIGW.0301',
    request_id: id,
  });
}

/** The error for a fault rule's status and optional code. */
export function faultReply(status: number, code: string | undefined): Reply {
  const usual: Record<number, string> = { 401: 'MSS.00000001', 429: 'APIGW.0308', 400: 'MSS.00000003' };
  const name = code ?? usual[status] ?? (status >= 500 ? 'MSS.00000004' : 'MSS.10000003');
  return json(status, { error_code: name, error_msg: 'As a fault rule has it.' }, requestId());
}

export function requestId(): Record<string, string> {
  return { 'X-Request-Id': randomUUID().replaceAll('-', '') };
}
