import { gatewayErrors, vodErrors, type VodErrorCode } from '../../../vendors/huawei-vod.js';
import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../../http/reply.js';

/** A business refusal of VOD: `{"error_code","error_msg"}` ("Confirming Media Asset Upload", table 5). */
export class VodError extends Error {
  override name = 'VodError';
  readonly code: VodErrorCode;

  /** `field` replaces the placeholder in the message of VOD.10053. */
  constructor(code: VodErrorCode, field?: string) {
    super(vodErrors[code].replace('{xx}', field ?? ''));
    this.code = code;
  }
}

/** A refusal of the API gateway, before the service sees the request. */
export class GatewayError extends Error {
  override name = 'GatewayError';
  readonly number: keyof typeof gatewayErrors;
  readonly status: number;

  constructor(number: keyof typeof gatewayErrors, message: string, status: number = gatewayErrors[number]) {
    super(message);
    this.number = number;
    this.status = status;
  }
}

/** Codes of illegal parameters: 403 in the documentation's examples, 400 in the older list. */
const parameterCodes: readonly VodErrorCode[] = ['VOD.10053', 'VOD.10081'];

export function vodReply(error: VodError, options: { parameterErrorStatus: number; isRead: boolean }): Reply {
  return json(statusOf(error.code, options), { error_code: error.code, error_msg: error.message });
}

export function gatewayReply(error: GatewayError): Reply {
  return json(error.status, {
    error_msg: error.message,
    error_code: `APIGW.${error.number}`,
    request_id: randomUUID().replaceAll('-', ''),
  });
}

/** The reply for a fault rule's status. */
export function faultReply(status: number, code: string | undefined): Reply {
  if (code !== undefined) return json(status, { error_code: code, error_msg: textOf(code) });
  if (status >= 500) return json(status, { error_code: 'VOD.10051', error_msg: vodErrors['VOD.10051'] });
  const usual: Record<number, [keyof typeof gatewayErrors, string]> = {
    401: ['0301', 'Incorrect IAM authentication information: verify aksk signature fail'],
    403: ['0302', 'The caller is not authorized to access this API.'],
    404: ['0101', 'The API does not exist or has not been published in the environment.'],
    429: ['0308', 'The throttling threshold has been reached.'],
  };
  const [number, message] = usual[status] ?? ['0201', 'API request error.'];
  return gatewayReply(new GatewayError(number, message, status));
}

function statusOf(
  code: VodErrorCode,
  { parameterErrorStatus, isRead }: { parameterErrorStatus: number; isRead: boolean },
): number {
  if (parameterCodes.includes(code)) return isRead ? 400 : parameterErrorStatus;
  // Read calls document 400 where all others document 403.
  if (code === 'VOD.10062' && isRead) return 400;
  return 403;
}

function textOf(code: string): string {
  return Object.hasOwn(vodErrors, code) ? vodErrors[code as VodErrorCode] : code;
}
