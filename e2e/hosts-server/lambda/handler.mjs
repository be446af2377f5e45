import { endpoint } from '../uploads.mjs';

/** For function URLs and HTTP APIs (payload format 2.0). */
export async function handler(event) {
  const { method, path } = event.requestContext.http;
  const headers = new Headers(event.headers);
  // The gateway takes cookies out of the headers.
  if (event.cookies) headers.set('cookie', event.cookies.join('; '));
  const hasBody = event.body !== undefined && method !== 'GET' && method !== 'HEAD';
  const response = await endpoint(
    new Request(`https://lambda${path}`, {
      method,
      headers,
      body: hasBody ? Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8') : undefined,
    }),
  );
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}
