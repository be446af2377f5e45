import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.js';
import type { FaultEffect } from './faults.js';
import { BodyIdle, ConnectionGone, readBody } from './http/body.js';
import { answerPreflight, corsHeaders } from './http/cors.js';
import { sendReply, type Reply } from './http/reply.js';
import { describeRequest, type SandboxRequest } from './http/request.js';
import type { RequestEntry } from './journal.js';
import type { Call } from './service.js';
import { sleep, unlessAborted } from './sleep.js';

/** One request to an emulated service, from its arrival to the last byte of the answer, through its weather. */
export class Flight {
  readonly request: SandboxRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Resolved when all is over, however it ended. */
  landed: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();
  readonly #now: Clock;
  #effect: FaultEffect = {};
  #cleared: Promise<void> = Promise.resolve();
  #entry: RequestEntry | undefined;

  constructor(incoming: IncomingMessage, response: ServerResponse, idleTimeoutMs: number, now: Clock) {
    this.#now = now;
    this.incoming = incoming;
    this.response = response;
    // Either fails at any moment when the client goes away; who reads or writes learns it by rejection.
    incoming.on('error', () => undefined);
    response.on('error', () => undefined);
    const body = (): AsyncGenerator<Buffer> => this.#body(idleTimeoutMs);
    this.request = describeRequest(incoming, { [Symbol.asyncIterator]: body });
  }

  abort(): void {
    this.#abort.abort(new ConnectionGone('The sandbox was reset or closed.'));
    this.incoming.socket.destroy();
  }

  /** Never rejects. `cleared` is what an effect that holds waits for. */
  serve(call: Call, effect: FaultEffect, cleared: Promise<void>, entry: RequestEntry): Promise<void> {
    this.#effect = effect;
    this.#cleared = cleared;
    this.#entry = entry;
    this.response.once('close', () => {
      // The client hung up: whatever waits on its behalf may stop waiting.
      this.#abort.abort(new ConnectionGone('The client went away.'));
    });
    this.landed = this.#run(call, entry)
      .catch((error: unknown) => this.#endBadly(error, call, entry))
      .finally(() => {
        entry.isInFlight = false;
      });
    return this.landed;
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
    // Not before: of a connection that is not read from, nobody learns that the client has hung up.
    await this.#released();
  }

  async #released(): Promise<void> {
    if (this.#effect.hold === true) await unlessAborted(this.#cleared, this.#abort.signal);
  }

  async #run(call: Call, entry: RequestEntry): Promise<void> {
    const reply = await this.#judge(call);
    if (this.#effect.loseReply === true) throw new ConnectionGone('The answer was lost by a fault rule.');
    await this.#send(call, entry, reply);
  }

  async #judge(call: Call): Promise<Reply> {
    const effect = this.#effect;
    if (this.request.isPreflight) return preflight(call, this.request);
    if (effect.delayMs !== undefined) await sleep(effect.delayMs, this.#abort.signal);
    if (!hasBody(this.incoming)) await this.#released();
    if (effect.dropAfterBytes === 0) throw new ConnectionGone('The connection was dropped by a fault rule.');
    if (effect.html === true) return proxyPage(effect.status ?? 200);
    if (effect.status !== undefined) return call.refuse(effect.status, effect.code);
    return await call.perform(effect);
  }

  async #send(call: Call, entry: RequestEntry, reply: Reply): Promise<void> {
    if (this.response.destroyed) return;
    const cors =
      call.cors === null || this.request.isPreflight
        ? {}
        : corsHeaders(this.request, call.cors, reply.status);
    const { retryAfterSeconds } = this.#effect;
    const headers = {
      ...reply.headers,
      ...cors,
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    };
    entry.status = reply.status;
    entry.answeredAt = new Date(this.#now()).toISOString();
    await sendReply(
      this.response,
      { ...reply, headers: this.#effect.hideETag === true ? withoutETag(headers) : headers },
      this.request.method === 'HEAD',
    );
  }

  async #endBadly(error: unknown, call: Call, entry: RequestEntry): Promise<void> {
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
    body: '<!doctype html><title>Proxy</title><p>This page is no answer.',
  };
}

function preflight(call: Call, request: SandboxRequest): Reply {
  if (call.cors === null) return call.refusePreflight('forbidden');
  const outcome = answerPreflight(request, call.cors);
  return outcome.ok ? outcome.reply : call.refusePreflight(outcome.reason);
}

function withoutETag(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name !== 'ETag');
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === 'Access-Control-Expose-Headers' ? value.replace(/\bETag\b,? ?/, '') : value,
    ]),
  );
}
