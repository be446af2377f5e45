import { endpoint } from '../uploads.mjs';

/** For function URLs and HTTP APIs (payload format 2.0), and for REST APIs (1.0). */
export async function handler(event) {
  const { method, path } = event.requestContext.http ?? { method: event.httpMethod, path: event.path };
  // Format 1.0 has null where there are none.
  const headers = new Headers(event.headers ?? {});
  // Format 2.0 takes cookies out of the headers.
  if (event.cookies) headers.set('cookie', event.cookies.join('; '));
  const response = await endpoint(
    new Request(`https://lambda${path}`, {
      // A `Request` cannot have these; the endpoint refuses GET as well.
      method: /^(CONNECT|TRACE|TRACK)$/i.test(method) ? 'GET' : method,
      headers,
      body:
        method === 'POST' && event.body
          ? Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')
          : undefined,
    }),
  );
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}
