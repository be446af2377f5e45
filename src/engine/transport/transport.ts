/** What the store answered to a PUT. Only what a cross-origin page may read. */
export interface StoreReply {
  status: number;
  /** Without quotes; undefined when the store's CORS rules hide it. */
  eTag?: string | undefined;
  requestId?: string | undefined;
  /** The store's own code from an XML error body, e.g. `NoSuchUpload`. */
  errorCode?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** Where bytes are put, and the headers that were signed. */
export interface PutRequest {
  url: string;
  /** The same at the other name of the store. */
  secondUrl?: string | undefined;
  headers: Readonly<Record<string, string>>;
}

/** Options of one PUT of bytes to the store. */
export interface PutOptions {
  signal: AbortSignal;
  /** Bytes of this body sent so far. */
  onProgress: (sentBytes: number) => void;
}

/** No answer: line cut, blocked, refused by CORS, or silent for too long. The browser does not tell which. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';
  readonly isStall: boolean;
  constructor(isStall = false) {
    super(isStall ? 'no bytes moved for too long' : 'no answer');
    this.isStall = isStall;
  }
}

/** Sends one body. Rejects with `NoReplyError`, or with the signal's reason. */
export type Put<Body = Blob> = (request: PutRequest, body: Body, options: PutOptions) => Promise<StoreReply>;
