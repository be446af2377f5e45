import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface FileSlice {
  path: string;
  /** First byte, and the one after the last. */
  start: number;
  end: number;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | FileSlice;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** For everything that a cloud has and the sandbox lacks. Never in a vendor's shape: nobody should retry it. */
export function notImplemented(what: string): Reply {
  return json(501, { code: 'not-implemented', message: `The sandbox does not emulate ${what}.` });
}

/**
 * Resolves when the answer has left, or the client has. Every answer closes its connection: a browser that loses a
 * reused one sends the request again by itself, and dropped connections and lost replies would never reach the page.
 */
export async function sendReply(response: ServerResponse, reply: Reply, isHead: boolean): Promise<void> {
  const { body } = reply;
  const length =
    body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.end - body.start;
  // Node says nothing of lengths on 204, as the standard asks; everywhere else a length keeps the connection usable.
  const lengthHeader: Record<string, string> =
    reply.status === 204 ? {} : { 'Content-Length': String(length) };
  response.writeHead(reply.status, { ...lengthHeader, ...reply.headers, Connection: 'close' });
  if (body === undefined || isHead || typeof body === 'string') {
    if (body === undefined || isHead) response.flushHeaders();
    else response.write(body);
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
  await pipeline(createReadStream(body.path, { start: body.start, end: body.end - 1 }), response).catch(
    (error: unknown) => {
      // A player that seeks drops the connection in the middle: not a failure of ours.
      if (!response.destroyed) throw error;
    },
  );
}

/** How long a refused client may go on sending before the connection ends under it. */
const lingerMs = 60_000;

/**
 * The answer is out, but while the client still sends its body, closing would reset the connection, and the client
 * would never read the answer. So the rest is taken and thrown away first.
 */
async function restOfRequest(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, lingerMs);
    incoming.once('end', done);
    incoming.once('close', done);
    incoming.resume();
  });
}
