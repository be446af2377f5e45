import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
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
  return { status, headers: { 'Content-Type': 'application/json;charset=UTF-8', ...headers }, body: JSON.stringify(value) };
}

/** For everything that a cloud has and the sandbox lacks. Never in a vendor's shape: nobody should retry it. */
export function notImplemented(what: string): Reply {
  return json(501, { code: 'not-implemented', message: `The sandbox does not emulate ${what}.` });
}

/** Resolves when the answer has left, or the client has. */
export async function sendReply(response: ServerResponse, reply: Reply, isHead: boolean): Promise<void> {
  const { body } = reply;
  const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.end - body.start;
  // Node says nothing of lengths on 204, as the standard asks; everywhere else a length keeps the connection usable.
  const lengthHeader: Record<string, string> = reply.status === 204 ? {} : { 'Content-Length': String(length) };
  response.writeHead(reply.status, { ...lengthHeader, ...reply.headers });
  if (body === undefined || isHead || typeof body === 'string') {
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(isHead ? undefined : body);
    });
    return;
  }
  if (body.end === body.start) {
    response.end();
    return;
  }
  await pipeline(createReadStream(body.path, { start: body.start, end: body.end - 1 }), response).catch((error: unknown) => {
    // A player that seeks drops the connection in the middle: not a failure of ours.
    if (!response.destroyed) throw error;
  });
}
