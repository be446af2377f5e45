import { expect } from '@playwright/test';

/** Client of the sandbox's control API for the tests. */
export interface StoredObject {
  provider: string;
  bucket: string;
  key: string;
  size: number;
  md5Hex: string;
  etag: string;
  parts: { partNumber: number; size: number; etag: string }[];
}

export interface SeenRequest {
  /** The time of arrival, ISO 8601. */
  at: string;
  provider: string;
  plane: 'control' | 'data';
  action: string;
  method: string;
  status: number;
  answeredAt: string | null;
  isInFlight: boolean;
  bytes: number;
  /** The path in the object store; null for calls to the service. */
  object: string | null;
  partNumber?: number;
}

export interface SeenMedia {
  provider: string;
  mediaId: string;
  status: string;
  fields: Record<string, unknown>;
}

export interface FaultRule {
  match?: {
    provider?: string;
    plane?: 'control' | 'data';
    action?: string;
    method?: string;
    partNumber?: number;
  };
  times?: number | null;
  effect: Record<string, unknown>;
}

export class Sandbox {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  objects(): Promise<StoredObject[]> {
    return this.#get('objects');
  }

  media(): Promise<SeenMedia[]> {
    return this.#get('media');
  }

  requests(): Promise<SeenRequest[]> {
    return this.#get('requests');
  }

  /** A line for each request, without the query, which may hold a signature. */
  async log(): Promise<string> {
    const lines = (await this.requests()).map(
      ({ at, provider, action, partNumber = '', isInFlight, status, object }) =>
        [at.slice(11), provider, action, partNumber, isInFlight ? 'in flight' : status, object ?? ''].join(
          ' ',
        ),
    );
    return lines.join('\n');
  }

  /** Multipart uploads that are neither completed nor aborted. */
  openUploads(): Promise<unknown[]> {
    return this.#get('uploads');
  }

  /** The part numbers that the store has acknowledged, in order and with repeats. */
  async acknowledgedParts(): Promise<number[]> {
    const requests = await this.requests();
    return requests
      .filter(({ action, status }) => action === 'UploadPart' && status === 200)
      .map(({ partNumber }) => partNumber ?? 0);
  }

  async faults(...rules: FaultRule[]): Promise<void> {
    await this.#post('faults', { rules });
  }

  /** Forwards the given number of parts and holds the others until the faults are cleared. */
  async holdPartsAfter(count: number): Promise<void> {
    await this.#holdAfter(count, 'UploadPart');
  }

  /** Holds every call of this action until the faults are cleared. */
  async hold(action: string): Promise<void> {
    await this.#holdAfter(0, action);
  }

  /** Awaits a call of this action that is held: a page shows a status before it sends the call of that status. */
  async expectHeld(action: string): Promise<void> {
    await expect
      .poll(async () => (await this.requests()).some((seen) => seen.isInFlight && seen.action === action))
      .toBe(true);
  }

  /** The remaining rules, in order. */
  async rules(): Promise<FaultRule[]> {
    return (await this.#get<{ rules: FaultRule[] }>('faults')).rules;
  }

  /**
   * Clears the faults after the store detects that the clients of the held requests are gone, so that it performs none
   * of them.
   */
  async clearFaultsWhenLetGo(): Promise<void> {
    await expect.poll(async () => (await this.requests()).filter(({ isInFlight }) => isInFlight)).toEqual([]);
    await this.clearFaults();
  }

  async clearFaults(): Promise<void> {
    await this.#send('DELETE', 'faults');
  }

  /** Makes the store abort every open multipart upload, as its lifecycle rule does. */
  async clearUp(): Promise<void> {
    await this.#send('DELETE', 'uploads');
  }

  async reset(): Promise<void> {
    await this.#post('reset', {});
  }

  async #holdAfter(count: number, action: string): Promise<void> {
    const through: FaultRule[] =
      count > 0 ? [{ match: { action }, times: count, effect: { delayMs: 0 } }] : [];
    await this.faults(...through, { match: { action }, times: null, effect: { hold: true } });
  }

  async #get<T>(path: string): Promise<T> {
    return (await this.#send('GET', path)).json() as Promise<T>;
  }

  async #post(path: string, body: unknown): Promise<void> {
    await this.#send('POST', path, body);
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.origin}/__sandbox/${path}`, {
      method,
      body: JSON.stringify(body),
      headers: body === undefined ? undefined : { 'content-type': 'application/json' },
    });
    if (!response.ok)
      throw new Error(`sandbox ${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
