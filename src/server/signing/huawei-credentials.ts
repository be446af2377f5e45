import type { VendorRequest } from '../http.js';
import { signSdkHmacSha256, type SigningKeys } from './sdk-hmac-sha256.js';

/** A user token as it is, or where to get the current one; see `iamToken`. */
export interface TokenCredentials {
  readonly token: string | (() => Promise<string>);
}

/** The two ways in to Huawei Cloud: a key pair (AK/SK), or a user token. */
export type HuaweiCredentials = SigningKeys | TokenCredentials;

/** Adds to a control-plane request what proves who calls: `Authorization` and `X-Sdk-Date`, or `X-Auth-Token`. */
export async function authenticate(
  request: VendorRequest,
  credentials: HuaweiCredentials,
  date: Date,
): Promise<VendorRequest> {
  if ('token' in credentials) {
    const { token } = credentials;
    return {
      ...request,
      headers: { ...request.headers, 'X-Auth-Token': typeof token === 'string' ? token : await token() },
    };
  }
  const { method, url, headers = {}, body = '' } = request;
  const signed = signSdkHmacSha256({ method, url, headers, body, date }, credentials);
  return { ...request, headers: signed.headers };
}
