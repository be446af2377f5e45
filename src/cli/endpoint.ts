/** The endpoint under test: one at an address, or one made in this process. */
export interface EndpointUnderTest {
  /** Without a trailing slash. */
  readonly url: string;
  /** What names the caller: the headers of a session. */
  readonly headers: Readonly<Record<string, string>>;
  readonly send: (request: Request) => Promise<Response>;
  /** The clock of the machine that signs, in ms since 1970; `undefined` while it is not known. */
  readonly clock: () => number | undefined;
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

const timeoutMs = 60_000;

/** An endpoint at an address. Throws `TypeError` for an address that is none. */
export function endpointAt(
  address: string,
  headers: Readonly<Record<string, string>> = {},
): EndpointUnderTest {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new TypeError(`${JSON.stringify(address)} is not an address with http or https.`);
  let offsetMs: number | undefined;
  return {
    url: address.replace(/\/+$/, ''),
    headers,
    async send(request) {
      const response = await fetch(request, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(date)) offsetMs = date - Date.now();
      return response;
    },
    clock: () => (offsetMs === undefined ? undefined : Date.now() + offsetMs),
  };
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
