import type { SandboxContext } from '../../context.js';
import { encodeStrict, type QueryPair } from '../../http/encoding.js';
import { obsSignature, obsStringToSign } from '../../verify/obs-v2.js';

export interface ToSign {
  method: string;
  bucket: string;
  key: string;
  subResources: readonly QueryPair[];
  headers: Readonly<Record<string, string>>;
}

/** Signs VOD's URLs: V2 in the AWS dialect, with a key pair unknown to the tenant. */
export class UrlSigner {
  readonly accessKey: string;
  readonly #secret: string;
  readonly #context: SandboxContext;
  readonly #lifetimeSeconds: number;

  constructor(
    context: SandboxContext,
    accessKey: string,
    secret: string,
    lifetimeSeconds: number = context.settings.urlLifetimeSeconds,
  ) {
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#context = context;
    this.accessKey = accessKey;
    this.#secret = secret;
  }

  /** Complete URL, path-style: an IP address has no host names for buckets. */
  url(toSign: ToSign): string {
    const path = [toSign.bucket, ...toSign.key.split('/')].map(encodeStrict).join('/');
    const subResources = toSign.subResources.map(([name, value]) =>
      value === '' ? name : `${name}=${encodeStrict(value)}`,
    );
    return `${this.#context.baseUrl()}/${path}?${[...subResources, this.fragment(toSign)].join('&')}`;
  }

  /** The parameters of the signature only: the answer of the authority call v1.0. */
  fragment({ method, bucket, key, subResources, headers }: ToSign): string {
    const expires = String(Math.floor(this.#context.now() / 1000) + this.#lifetimeSeconds);
    const request = {
      method,
      bucket,
      key,
      query: subResources,
      headerNames: Object.keys(headers),
      header: (name: string) => headers[name.toLowerCase()],
    };
    const signature = obsSignature(this.#secret, obsStringToSign(request, 'AWS', expires));
    return `AWSAccessKeyId=${this.accessKey}&Expires=${expires}&Signature=${encodeStrict(signature)}`;
  }
}
