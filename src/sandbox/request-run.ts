import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.js';
import type { FaultEffect } from './faults.js';
import { BodyIdle, ConnectionGone, readBody } from './http/body.js';
import { answerPreflight, corsHeaders } from './http/cors.js';
import { sendReply, type Reply, type ReplyHeaders } from './http/reply.js';
import { describeRequest, type SandboxRequest } from './http/request.js';
import type { RequestEntry } from './request-log.js';
import type { Call } from './service.js';
import { sleep, unlessAborted } from './sleep.js';

/** Runs one request to an emulated service, from its arrival to the last byte of the answer, with its faults. */
export class RequestRun {
  readonly request: SandboxRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Resolves when the run has ended, also after errors. */
  settled: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();
  readonly #now: Clock;
  #effect: FaultEffect = {};
  #cleared: Promise<void> = Promise.resolve();
  #entry: RequestEntry | undefined;

  constructor(incoming: IncomingMessage, response: ServerResponse, idleTimeoutMs: number, now: Clock) {
    this.#now = now;
    this.incoming = incoming;
    this.response = response;
    // Both emit errors when the client disconnects; readers and writers get a rejection as well.
    incoming.on('error', () => undefined);
    response.on('error', () => undefined);
    const body = (): AsyncGenerator<Buffer> => this.#body(idleTimeoutMs);
    this.request = describeRequest(incoming, { [Symbol.asyncIterator]: body });
  }

  abort(): void {
    this.#abort.abort(new ConnectionGone('The sandbox was reset or closed.'));
    this.incoming.socket.destroy();
  }

  /** Never rejects. `cleared` releases a request held by a fault rule. */
  serve(call: Call, effect: FaultEffect, cleared: Promise<void>, entry: RequestEntry): Promise<void> {
    this.#effect = effect;
    this.#cleared = cleared;
    this.#entry = entry;
    this.response.once('close', () => {
      // Stop everything that waits on behalf of a client that has disconnected.
      this.#abort.abort(new ConnectionGone('The client disconnected.'));
    });
    this.settled = this.#run(call, entry)
      .catch((error: unknown) => this.#handleFailure(error, call, entry))
      .finally(() => {
        entry.isInFlight = false;
      });
    return this.settled;
  }

  async *#body(idleTimeoutMs: number): AsyncGenerator<Buffer> {
    yield* readBody(this.incoming, {
      effect: this.#effect,
      idleTimeoutMs,
      signal: this.#abort.signal,
      onBytes: (count) => {
        if (this.#entry) this.#entry.bytes += count;
      },
    });
    // After the body: Node detects a disconnect only on a connection that is being read.
    await this.#untilReleased();
  }

  async #untilReleased(): Promise<void> {
    if (this.#effect.hold === true) await unlessAborted(this.#cleared, this.#abort.signal);
  }

  async #run(call: Call, entry: RequestEntry): Promise<void> {
    const reply = await this.#perform(call);
    if (this.#effect.loseReply === true) throw new ConnectionGone('The answer was lost by a fault rule.');
    await this.#send(call, entry, reply);
  }

  async #perform(call: Call): Promise<Reply> {
    const effect = this.#effect;
    if (this.request.isPreflight) return preflight(call, this.request);
    if (effect.delayMs !== undefined) await sleep(effect.delayMs, this.#abort.signal);
    if (!hasBody(this.incoming)) await this.#untilReleased();
    if (effect.dropAfterBytes === 0) throw new ConnectionGone('The connection was dropped by a fault rule.');
    if (effect.html === true) return proxyPage(effect.status ?? 200);
    if (effect.status !== undefined) return call.refuse(effect.status, effect.code);
    return await call.perform(effect);
  }

  async #send(call: Call, entry: RequestEntry, reply: Reply): Promise<void> {
    if (this.response.destroyed) return;
    const cors = this.request.isPreflight ? null : call.cors;
    const headers = {
      // By the sandbox's clock, as a cloud's is by its own.
      Date: new Date(this.#now()).toUTCString(),
      ...reply.headers,
      ...(cors ? corsHeaders(this.request, cors, reply.status) : {}),
      'Retry-After': this.#effect.retryAfterSeconds?.toString(),
    };
    entry.status = reply.status;
    entry.answeredAt = new Date(this.#now()).toISOString();
    await sendReply(
      this.response,
      { ...reply, headers: this.#effect.hideETag === true ? withoutETag(headers) : headers },
      this.request.method === 'HEAD',
    );
  }

  async #handleFailure(error: unknown, call: Call, entry: RequestEntry): Promise<void> {
    const isExpected = error instanceof ConnectionGone;
    const isIdle = error instanceof BodyIdle;
    if (!isExpected && !isIdle) process.emitWarning(error instanceof Error ? error : String(error));
    if (isExpected || this.response.headersSent) {
      this.incoming.socket.destroy();
      return;
    }
    await this.#send(call, entry, call.refuse(isIdle ? 408 : 500)).catch(() => {
      this.incoming.socket.destroy();
    });
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function proxyPage(status: number): Reply {
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: '<!doctype html><title>Proxy</title><p>This page is not the answer of the service.',
  };
}

function preflight(call: Call, request: SandboxRequest): Reply {
  if (call.cors === null) return call.refusePreflight('forbidden');
  const outcome = answerPreflight(request, call.cors);
  return outcome.ok ? outcome.reply : call.refusePreflight(outcome.reason);
}

function withoutETag(headers: ReplyHeaders): ReplyHeaders {
  const exposed = headers['Access-Control-Expose-Headers']?.replace(/\bETag\b,? ?/, '');
  return { ...headers, ETag: undefined, 'Access-Control-Expose-Headers': exposed };
}
