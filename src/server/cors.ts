/**
 * For an endpoint on another origin than the page (Fetch standard, "CORS protocol"). Without `allowedOrigins` no header
 * is given, and browsers keep other origins out by themselves, since a JSON body needs a preflight.
 */
export interface Cors {
  /** The answer to a preflight, or `undefined` where the request is none or its origin is not allowed. */
  preflight(request: Request): Response | undefined;
  /** Adds to an answer what lets an allowed origin read it. */
  apply(request: Request, response: Response): Response;
}

const preflightMaxAgeSeconds = 600;

/** Of each endpoint, once it is known: for answers that are given in its place. */
const corsOfEndpoints = new WeakMap<object, () => Cors | undefined>();

export function corsOf(endpoint: object): Cors | undefined {
  return corsOfEndpoints.get(endpoint)?.();
}

export function keepCors<Endpoint extends object>(
  endpoint: Endpoint,
  cors: () => Cors | undefined,
): Endpoint {
  corsOfEndpoints.set(endpoint, cors);
  return endpoint;
}

/** Throws `TypeError`, with the remedy, for an origin that no browser sends, or that any page can have. */
export function createCors(allowedOrigins: readonly string[]): Cors {
  for (const origin of allowedOrigins) checkOrigin(origin);
  const allowedOrigin = (request: Request) => {
    const origin = request.headers.get('origin');
    return origin !== null && allowedOrigins.includes(origin) ? origin : undefined;
  };
  return {
    preflight(request) {
      const origin = allowedOrigin(request);
      if (request.method !== 'OPTIONS' || !origin) return undefined;
      return new Response(null, {
        status: 204,
        headers: {
          ...originHeaders(origin),
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers':
            request.headers.get('access-control-request-headers') ?? 'content-type',
          'Access-Control-Max-Age': String(preflightMaxAgeSeconds),
        },
      });
    },
    apply(request, response) {
      const origin = allowedOrigin(request);
      if (!origin) return response;
      const headers = { ...originHeaders(origin), 'Access-Control-Expose-Headers': 'Retry-After' };
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      return response;
    },
  };
}

function checkOrigin(origin: unknown): void {
  const given = `allowedOrigins: ${JSON.stringify(origin)}`;
  if (typeof origin !== 'string' || origin === '')
    throw new TypeError(`${given} is not an origin; write it as in "https://app.example.com".`);
  if (origin === 'null')
    throw new TypeError(
      `${given} is the origin of every sandboxed frame and local file: it cannot be allowed.`,
    );
  if (origin.includes('*'))
    throw new TypeError(`${given} has a wildcard: name each origin, as in "https://app.example.com".`);
  // Pages in apps have schemes of their own, as in `capacitor://localhost`.
  const canonical = /^https?:/i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin;
  if (canonical !== origin)
    throw new TypeError(`${given} is not what browsers send; write ${JSON.stringify(canonical)}.`);
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]+$/.test(origin))
    throw new TypeError(`${given} is not an origin; write it as in "https://app.example.com".`);
}

/** With cookies, because most hosts identify their callers by them. */
function originHeaders(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
  };
}
