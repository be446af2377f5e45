/** One line of `GET /__sandbox/requests`. It has no URL: a presigned one is a secret while it lives. */
export interface RequestEntry {
  /** ISO 8601, when the request arrived. */
  at: string;
  provider: string;
  plane: 'control' | 'data';
  /** The vendor's name of the operation; `Preflight` for a browser's OPTIONS. */
  action: string;
  method: string;
  /** Null as long as no answer has left, and for ever when none did. */
  status: number | null;
  /** ISO 8601, when the answer began to leave; null with `status`. */
  answeredAt: string | null;
  /** False once it is over, however it ended: answered, or the client gone. */
  isInFlight: boolean;
  /** Bytes of request body taken. */
  bytes: number;
  partNumber: number | null;
  /** Path of the object, in the object stores; without the query, which may sign. */
  object: string | null;
}

/** All requests to the emulated services, in the order of their arrival. */
export class Journal {
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
