import { problemContentType, type Problem } from '../protocol/index.js';

export function jsonResponse(body: unknown): Response {
  return respond(200, 'application/json', body);
}

export function problemResponse(problem: Problem): Response {
  const { status, code, retryAfterMs } = problem;
  return respond(status, problemContentType, problem, {
    // What is left of a body that was refused is not read: the connection ends with the answer.
    ...(code === 'payload-too-large' && { Connection: 'close' }),
    ...(code === 'method-not-allowed' && { Allow: 'POST' }),
    ...(retryAfterMs !== undefined && { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }),
  });
}

/** The body contains tickets and presigned URLs: no cache may keep it. */
export function respond(
  status: number,
  contentType: string,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store', ...headers },
  });
}
