import { encodeRfc3986, toHex } from '../encoding.js';
import { sha1Hex } from '../hash.js';
import { compareText } from './canonical.js';
import { cosKey } from './derived-key.js';

/**
 * The signature of Tencent Cloud's object store (COS, "Request signature", `q-sign-algorithm=sha1`), as a header and as
 * the query of a presigned URL. The vectors beside this file are the page's worked example and answers of the vendor's
 * own signer.
 */
export interface CosKeys {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface CosRequest {
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly pathname: string;
  /** Query parameters and headers to be signed; what is not named here is not protected. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds since 1970, both inclusive. */
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface CosSignature {
  /** Name and value of the `q-…` parameters, in the vendor's order, values not encoded. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** For tests and for comparing with what the store computed. Never logged. */
  readonly httpString: string;
  readonly stringToSign: string;
}

export function signCos(
  { method, pathname, query, headers, startsAt, endsAt }: CosRequest,
  { secretId, secretKey }: CosKeys,
): CosSignature {
  const keyTime = `${startsAt};${endsAt}`;
  const parameters = canonical(query);
  const signedHeaders = canonical(headers);
  const httpString = `${method.toLowerCase()}\n${pathname}\n${parameters.pairs}\n${signedHeaders.pairs}\n`;
  const stringToSign = `sha1\n${keyTime}\n${sha1Hex(httpString)}\n`;
  const signature = toHex(cosKey(secretKey, keyTime)(stringToSign));
  return {
    parameters: [
      ['q-sign-algorithm', 'sha1'],
      ['q-ak', secretId],
      ['q-sign-time', keyTime],
      ['q-key-time', keyTime],
      ['q-header-list', signedHeaders.names],
      ['q-url-param-list', parameters.names],
      ['q-signature', signature],
    ],
    httpString,
    stringToSign,
  };
}

/** Value of the `Authorization` header: the parameters as they are. */
export function cosAuthorization({ parameters }: CosSignature): string {
  return parameters.map(([name, value]) => `${name}=${value}`).join('&');
}

/** The parameters for the query of a presigned URL. */
export function cosQuery({ parameters }: CosSignature): string {
  return parameters.map(([name, value]) => `${name}=${encodeRfc3986(value)}`).join('&');
}

function canonical(items: Readonly<Record<string, string>>): { names: string; pairs: string } {
  const sorted = Object.entries(items)
    .map(([name, value]) => [encodeRfc3986(name).toLowerCase(), encodeRfc3986(value)] as const)
    .sort(([a], [b]) => compareText(a, b));
  return {
    names: sorted.map(([name]) => name).join(';'),
    pairs: sorted.map(([name, value]) => `${name}=${value}`).join('&'),
  };
}
