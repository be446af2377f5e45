import { vodErrors, type VodErrorCode } from '../../../vendors/alibaba-vod.js';

/** A refusal of VOD or of the gateway in front of it: `{"RequestId","HostId","Code","Message","Recommend"}`. */
export class VodError extends Error {
  override name = 'VodError';
  readonly code: VodErrorCode;
  readonly status: number;

  /** `detail` replaces the placeholder in the code's message, or is appended. */
  constructor(code: VodErrorCode, detail?: string, status: number = vodErrors[code][0]) {
    super(messageOf(code, detail));
    this.code = code;
    this.status = status;
  }
}

function messageOf(code: VodErrorCode, detail: string | undefined): string {
  const text: string = vodErrors[code][1];
  if (detail === undefined) return text;
  // Like the gateway, includes what it signed for comparison.
  if (code === 'SignatureDoesNotMatch') return `${text} server string to sign is:${detail}`;
  return text.replace(/%s|\$Parameter/, detail);
}

/** The usual code of a status; for fault rules that name only the status. */
export function usualVodCode(status: number): VodErrorCode {
  const usual: Record<number, VodErrorCode> = {
    400: 'InvalidParameter',
    401: 'SignatureDoesNotMatch',
    403: 'Forbidden',
    404: 'InvalidVideo.NotFound',
    429: 'Throttling.User',
    503: 'ServiceUnAvailable',
  };
  return usual[status] ?? (status >= 500 ? 'InternalError' : 'InvalidParameter');
}

export function isVodErrorCode(code: string): code is VodErrorCode {
  return Object.hasOwn(vodErrors, code);
}
