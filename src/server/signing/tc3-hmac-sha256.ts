import { toHex } from '../encoding.js';
import { sha256Hex } from '../hash.js';
import { derivedKey } from './derived-key.js';

/**
 * TC3-HMAC-SHA256, the signature of Tencent Cloud's API 3.0 ("Signature v3"). The vectors beside this file are answers
 * of the vendor's own signer.
 */
export interface TencentCredentials {
  readonly secretId: string;
  readonly secretKey: string;
  /** Of temporary API keys; sent as `X-TC-Token`, which is not signed. */
  readonly token?: string;
}

export interface Tc3Request {
  readonly method: string;
  readonly url: string;
  /** Signed together with the host; every other header of the request stays outside, as with the vendor's client. */
  readonly contentType: string;
  readonly body: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly service: string;
}

export interface Tc3Signature {
  readonly authorization: string;
  /** For tests and for comparing with what the service computed. Never logged. */
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

const algorithm = 'TC3-HMAC-SHA256';
const signedHeaders = 'content-type;host';

export function signTc3(request: Tc3Request, { secretId, secretKey }: TencentCredentials): Tc3Signature {
  const { method, contentType, body, timestamp, service } = request;
  const url = new URL(request.url);
  const headers = `content-type:${contentType}\nhost:${url.host}\n`;
  const canonicalRequest = [method, '/', url.search.slice(1), headers, signedHeaders, sha256Hex(body)].join(
    '\n',
  );
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const stringToSign = [algorithm, timestamp, scope, sha256Hex(canonicalRequest)].join('\n');
  const signature = toHex(derivedKey(`TC3${secretKey}`, [date, service, 'tc3_request'])(stringToSign));
  const authorization = `${algorithm} Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { authorization, canonicalRequest, stringToSign };
}
