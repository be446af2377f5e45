/** One entry of `GET /__sandbox/requests`. Without the URL: a presigned URL is a secret until it expires. */
export interface RequestEntry {
  /** ISO 8601, when the request arrived. */
  at: string;
  provider: string;
  plane: 'control' | 'data';
  /** The vendor's name of the operation; `Preflight` for a browser's OPTIONS. */
  action: string;
  method: string;
  /** Null until an answer is sent, and when the connection ended without one. */
  status: number | null;
  /** ISO 8601, when the answer was started; null while `status` is. */
  answeredAt: string | null;
  /** False once the request has ended: answered or disconnected. */
  isInFlight: boolean;
  /** Bytes of the request body read. */
  bytes: number;
  partNumber: number | null;
  /** Path of the object, in the object stores; without the query, which may hold a signature. */
  object: string | null;
}

/** All requests to the emulated services, in order of arrival. */
export class RequestLog {
  #entries: RequestEntry[] = [];

  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  open(entry: Omit<RequestEntry, 'status' | 'answeredAt' | 'isInFlight' | 'bytes'>): RequestEntry {
    const opened: RequestEntry = { ...entry, status: null, answeredAt: null, isInFlight: true, bytes: 0 };
    this.#entries.push(opened);
    return opened;
  }

  clear(): void {
    this.#entries = [];
  }
}
