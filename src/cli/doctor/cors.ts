import type { SignedRequest } from '../../protocol/index.js';

const timeoutMs = 15_000;

/**
 * What a browser finds when it asks the store whether a page of the origin may send the request (Fetch standard,
 * "CORS-preflight fetch").
 */
export async function preflight(
  { method, url, headers }: Pick<SignedRequest, 'method' | 'url' | 'headers'>,
  origin: string,
): Promise<string | undefined> {
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort();
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': method,
      ...(names.length > 0 && { 'Access-Control-Request-Headers': names.join(',') }),
    },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.arrayBuffer();
  if (!response.ok) return `the store answers ${response.status}`;
  const allowedOrigin = response.headers.get('access-control-allow-origin');
  if (allowedOrigin !== '*' && allowedOrigin !== origin) return 'it does not allow the origin';
  const methods = listOf(response.headers.get('access-control-allow-methods'));
  if (!methods.includes('*') && !methods.includes(method.toLowerCase()))
    return `it does not allow the method ${method}`;
  const allowed = listOf(response.headers.get('access-control-allow-headers'));
  const missing = allowed.includes('*') ? [] : names.filter((name) => !allowed.includes(name));
  return missing.length > 0 ? `it does not allow the headers ${missing.join(', ')}` : undefined;
}

/** Whether the page can read the answer at all, and its ETag. */
export function readability(response: Response, origin: string): { canRead: boolean; hasETag: boolean } {
  const allowed = response.headers.get('access-control-allow-origin');
  const exposed = listOf(response.headers.get('access-control-expose-headers'));
  return {
    canRead: allowed === '*' || allowed === origin,
    hasETag: exposed.includes('etag') || exposed.includes('*'),
  };
}

function listOf(value: string | null): string[] {
  return (value ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
}
