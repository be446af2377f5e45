import type { SignedAttachment, SignedRequest } from '../../protocol/index.js';

type Request = SignedRequest | SignedAttachment;

/**
 * Which headers go with a signed request: its own, then once its `fallbackHeaders` with the same URL (another
 * `Content-Type`, at services whose documentation names two). After that a new signature is needed.
 */
export class FallbackHeaders {
  #inUseFor: Request | undefined;

  of(request: Request): Readonly<Record<string, string>> {
    return (request === this.#inUseFor && request.fallbackHeaders) || request.headers;
  }

  /** The store did not accept the headers. False when there are no others to try. */
  use(request: Request): boolean {
    if (!request.fallbackHeaders || request === this.#inUseFor) return false;
    this.#inUseFor = request;
    return true;
  }
}
