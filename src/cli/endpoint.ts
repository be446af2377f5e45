import { Trouble, troubleOfFetch } from './trouble.js';

/** The endpoint under test: one at an address, or one made in this process. */
export interface EndpointUnderTest {
  /** Without a trailing slash. */
  readonly url: string;
  /** What names the caller: the headers of a session. */
  readonly headers: Readonly<Record<string, string>>;
  readonly send: (request: Request) => Promise<Response>;
  /** The clock of the machine that signs, in ms since 1970; `undefined` while it is not known. */
  readonly clock: () => number | undefined;
  /** Whether it is not asked any more, because it does not answer. */
  readonly isSilent?: () => boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined` where the body is not JSON. */
  readonly json: unknown;
}

interface PostOptions {
  /** Instead of those of the endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
}

/** How long calls to an endpoint may take, in ms. */
export interface Patience {
  /** One call. Default 60,000: the endpoint waits for clouds. */
  readonly callMs?: number;
  /** All of them together. Default 900,000. */
  readonly totalMs?: number;
}

/** After so many calls in a row without an answer, no other is made. */
const maxSilent = 2;
/** Longer than any answer to the few items that are asked for. */
const maxAnswerBytes = 8 * 1024 * 1024;

/** An endpoint at an address. Throws `TypeError` for an address that is none. */
export function endpointAt(
  address: string,
  headers: Readonly<Record<string, string>> = {},
  { callMs = 60_000, totalMs = 900_000 }: Patience = {},
): EndpointUnderTest {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new TypeError(`${JSON.stringify(address)} is not an address with http or https.`);
  let offsetMs: number | undefined;
  let silentCount = 0;
  const endsAt = performance.now() + totalMs;
  const isSilent = () => silentCount >= maxSilent || performance.now() > endsAt;
  return {
    url: address.replace(/\/+$/, ''),
    headers,
    async send(request) {
      if (isSilent()) throw new Trouble('The endpoint does not answer, and is not asked any more.');
      try {
        const init = { redirect: 'manual', signal: AbortSignal.timeout(callMs) } as const;
        const response = await bounded(await fetch(request, init));
        silentCount = 0;
        const date = Date.parse(response.headers.get('date') ?? '');
        if (!Number.isNaN(date)) offsetMs = date - Date.now();
        return response;
      } catch (error) {
        if (error instanceof Trouble) throw error;
        silentCount += 1;
        throw troubleOfFetch(error, 'The endpoint', callMs);
      }
    },
    clock: () => (offsetMs === undefined ? undefined : Date.now() + offsetMs),
    isSilent,
  };
}

/** The answer with its whole body, which is read within the time of the call. */
async function bounded(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes)
      throw new Trouble(`An answer of the endpoint is longer than ${maxAnswerBytes} bytes.`);
    chunks.push(chunk);
  }
  const { status, headers } = response;
  const isEmpty = status < 200 || [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers });
}

/** One call of an operation. A string is sent as it is. */
export async function post(
  endpoint: EndpointUnderTest,
  operation: string,
  body: unknown,
  { headers = endpoint.headers, contentType = 'application/json' }: PostOptions = {},
): Promise<Answer> {
  const response = await endpoint.send(
    new Request(`${endpoint.url}/${operation}`, {
      method: 'POST',
      headers: { 'content-type': contentType, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  return { status: response.status, headers: response.headers, json: await jsonOf(response) };
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
