import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredBytes } from '../store/receive.js';
import { encodeHeader } from './encoding.js';

export interface BytesSlice {
  bytes: StoredBytes;
  /** Offset of the first byte; `end` is exclusive. */
  start: number;
  end: number;
}

/** Undefined values are not sent. */
export type ReplyHeaders = Readonly<Record<string, string | undefined>>;

export interface Reply {
  status: number;
  headers?: ReplyHeaders;
  body?: string | BytesSlice;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** A document of an object store, which has succeeded. */
export function xml(body: string, headers: ReplyHeaders = {}): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/xml', ...headers }, body };
}

/** 501 for what the sandbox does not emulate, in a format of no vendor. Object stores answer it in their own XML. */
export function notImplemented(what: string): Reply {
  return json(501, { code: 'not-implemented', message: `The sandbox does not emulate ${what}.` });
}

/**
 * Resolves when the answer has been sent or the client has disconnected. Every answer closes its connection: browsers
 * silently repeat a request on a lost keep-alive connection, which would hide dropped connections from the page.
 */
export async function sendReply(response: ServerResponse, reply: Reply, isHead: boolean): Promise<void> {
  const { body } = reply;
  const length =
    body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.end - body.start;
  // RFC 9110, section 8.6: no Content-Length on 204, and on 304 only the whole object's. Elsewhere it delimits the body.
  // Behind a Content-Disposition, which Node would otherwise recode.
  const headers = {
    ...reply.headers,
    'Content-Length': [204, 304].includes(reply.status) ? undefined : String(length),
    Connection: 'close',
  };
  response.writeHead(
    reply.status,
    Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, encodeHeader(value)]],
      ),
    ),
  );
  if (body === undefined || isHead || typeof body === 'string') {
    // Node writes the header as Latin-1 unless it is flushed or sent in one piece with text.
    if (typeof body === 'string' && !isHead) response.write(Buffer.from(body));
    else if (!response.req.complete) response.flushHeaders();
    await restOfRequest(response.req);
    await new Promise<void>((resolve) => {
      if (response.destroyed) resolve();
      response.once('close', resolve);
      response.end();
    });
    return;
  }
  if (body.end === body.start) {
    response.end();
    return;
  }
  await pipeline(Readable.from(body.bytes.read(body.start, body.end)), response).catch((error: unknown) => {
    // A player that seeks closes the connection mid-body: not an error.
    if (!response.destroyed) throw error;
  });
}

/** How long a refused client may keep sending before its connection is closed. */
const maxDrainMs = 60_000;

/**
 * Reads and discards the rest of the request body. Closing while the client still sends would reset the connection
 * before the client reads the answer.
 */
async function restOfRequest(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, maxDrainMs);
    incoming.once('end', done);
    incoming.once('close', done);
    incoming.resume();
  });
}
