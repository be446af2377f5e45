import { abortReason } from '../retry/abort.js';
import { NoReplyError, type Put, type StoreReply } from './transport.js';

/** A part without any progress for this long is given up and sent again. */
const stallTimeoutMs = 30_000;
/**
 * After the last byte the store may think: it hashes, replicates, and only then answers. And "sent" is what the system
 * has taken: some megabytes may still be in its buffers, more of the time to go the slower the line was so far. A small
 * part fits into them whole, and its stall would never be seen by the bytes.
 */
const maxReplyTimeoutMs = 120_000;

/** PUT by XMLHttpRequest: `fetch` cannot tell how much of a body has left. Works on a page and in a worker. */
export const xhrPut: Put = (request, body, { signal, onProgress }) =>
  new Promise<StoreReply>((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    const xhr = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const startedAt = performance.now();
    const replyTimeoutMs = () =>
      Math.min(maxReplyTimeoutMs, stallTimeoutMs + 2 * (performance.now() - startedAt));
    const watch = (timeoutMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(() => reject(new NoReplyError(true)), true), timeoutMs);
    };
    const stop = () => finish(() => reject(abortReason(signal)), true);
    const finish = (settle: () => void, abort = false) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      xhr.onload = xhr.onerror = xhr.onabort = xhr.upload.onprogress = xhr.upload.onload = null;
      if (abort) xhr.abort();
      settle();
    };

    xhr.upload.onprogress = (event) => {
      watch(event.loaded < body.size ? stallTimeoutMs : replyTimeoutMs());
      onProgress(Math.min(event.loaded, body.size));
    };
    xhr.upload.onload = () => watch(replyTimeoutMs());
    xhr.onload = () => finish(() => resolve(readReply(xhr)));
    xhr.onerror = () => finish(() => reject(new NoReplyError()));
    xhr.onabort = () => finish(() => reject(new NoReplyError()));
    signal.addEventListener('abort', stop, { once: true });

    xhr.open('PUT', request.url);
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    watch(stallTimeoutMs);
    // A typed Blob would add a Content-Type of its own, which the signature does not cover.
    xhr.send(body.type === '' ? body : body.slice(0, body.size));
  });

function readReply(xhr: XMLHttpRequest): StoreReply {
  const reply: StoreReply = { status: xhr.status };
  // Asking for a header that CORS hides makes Chromium print an error each time; the list of readable ones does not.
  const headers = readableHeaders(xhr.getAllResponseHeaders());
  const eTag = headers.get('etag')?.replaceAll('"', '').replace(/^W\//, '');
  if (eTag) reply.eTag = eTag;
  // Every store has such a header, each with a prefix of its own.
  const requestId = [...headers].find(([name]) => name.endsWith('-request-id'))?.[1];
  if (requestId) reply.requestId = requestId;
  const retryAfter = Number(headers.get('retry-after'));
  if (retryAfter > 0) reply.retryAfterMs = retryAfter * 1000;
  if (xhr.status >= 300) {
    const errorCode = /<Code>([A-Za-z0-9._]{1,80})<\/Code>/.exec(xhr.responseText)?.[1];
    if (errorCode) reply.errorCode = errorCode;
    const inBody = /<RequestId>([A-Za-z0-9-]{1,80})<\/RequestId>/i.exec(xhr.responseText)?.[1];
    if (!reply.requestId && inBody) reply.requestId = inBody;
  }
  return reply;
}

function readableHeaders(raw: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of raw.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
