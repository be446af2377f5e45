import { abortable } from '../retry/abort.js';
import { retryAfterMs } from '../retry/retry-after.js';
import { NoReplyError, type Put, type StoreReply } from './transport.js';

/** A part without any progress for this long is aborted and sent again. */
const stallTimeoutMs = 30_000;
/**
 * After the last byte the store hashes and replicates before it answers. And "sent" bytes may still be in the buffers of
 * the operating system, for longer the slower the line is. A small part fits into them whole, so its stall would not
 * show in the byte count.
 */
const maxReplyTimeoutMs = 120_000;

/**
 * PUT by XMLHttpRequest, because `fetch` does not report upload progress. Works on a page and in a worker. There is no
 * progress of bytes, which are few.
 */
export const xhrPut: Put<Blob | ArrayBuffer> = (request, body, { signal, onProgress }) =>
  abortable<StoreReply>(signal, (resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const startedAt = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const detach = () => {
      clearTimeout(timer);
      xhr.onload = xhr.onerror = xhr.onabort = xhr.upload.onprogress = xhr.upload.onload = null;
    };
    const stop = () => {
      detach();
      xhr.abort();
    };
    const fail = () => {
      detach();
      reject(new NoReplyError());
    };
    const watch = (timeoutMs: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        stop();
        reject(new NoReplyError(true));
      }, timeoutMs);
    };
    const replyTimeoutMs = () =>
      Math.min(maxReplyTimeoutMs, stallTimeoutMs + 2 * (performance.now() - startedAt));

    const isBlob = body instanceof Blob;
    if (isBlob) {
      xhr.upload.onprogress = ({ loaded }) => {
        watch(loaded < body.size ? stallTimeoutMs : replyTimeoutMs());
        onProgress(Math.min(loaded, body.size));
      };
      xhr.upload.onload = () => watch(replyTimeoutMs());
    }
    xhr.onload = () => {
      detach();
      resolve(readReply(xhr));
    };
    xhr.onerror = xhr.onabort = fail;

    xhr.open('PUT', request.url);
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    // Progress of a few bytes is not worth its messages: they have the time to be sent, and to be answered.
    watch(isBlob ? stallTimeoutMs : 2 * stallTimeoutMs);
    // A typed Blob adds a Content-Type header that the signature does not cover.
    xhr.send(isBlob && body.type !== '' ? body.slice(0, body.size) : body);
    return stop;
  });

function readReply(xhr: XMLHttpRequest): StoreReply {
  // Chromium logs an error for each header that CORS hides; the list contains only readable ones.
  const headers = readableHeaders(xhr.getAllResponseHeaders());
  const isError = xhr.status >= 300;
  const inBody = (pattern: RegExp) => (isError ? pattern.exec(xhr.responseText)?.[1] : undefined);
  return {
    status: xhr.status,
    eTag: headers.get('etag')?.replaceAll('"', '').replace(/^W\//, '') || undefined,
    // Every store has such a header, each with a prefix of its own.
    requestId:
      [...headers].find(([name]) => name.endsWith('-request-id'))?.[1] ||
      inBody(/<RequestId>([A-Za-z0-9-]{1,80})<\/RequestId>/i),
    retryAfterMs: retryAfterMs((name) => headers.get(name), Date.now()),
    errorCode: inBody(/<Code>([A-Za-z0-9._]{1,80})<\/Code>/),
  };
}

function readableHeaders(raw: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of raw.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
