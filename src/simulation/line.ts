import type { FaultName, FaultPlan } from './faults.js';
import type { Scheduler } from './scheduler.js';

/** Which line a message travels; the faults of a line carry its name. */
export type LineName = 'endpoint' | 'cloud' | 'store';

export interface Message {
  readonly line: LineName;
  /** Stable description, by which the message is ordered and its fate drawn. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** What the other end does with it. `isDoubled`: a second copy, whose answer is not delivered. */
  readonly deliver: (signal: AbortSignal, isDoubled: boolean) => Promise<Response>;
  /** False for a request that no proxy repeats by itself, as it creates something. Default true. */
  readonly mayBeDoubled?: boolean;
  /** The sender cannot be reached, or cannot reach any server. */
  readonly isCut: () => boolean;
}

type Fate = Extract<FaultName, `${LineName}.${string}`>;

const fates = {
  endpoint: ['request-lost', 'reply-lost', 'doubled', 'silent', 'html', '502', 'login-page'],
  cloud: ['request-lost', 'reply-lost', 'doubled', 'silent', 'html', '502'],
  store: ['request-lost', 'reply-lost', 'doubled', 'stalled', 'html', '503'],
} as const;

const page = '<!doctype html><title>Proxy</title><p>This page is no answer.';

/** A line that is cut: what `fetch` rejects with. */
export function lineCut(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
}

/** Carries requests and their answers between actors, each leg an event, with the faults of the line. */
export class Line {
  readonly #scheduler: Scheduler;
  readonly #faultPlan: FaultPlan;

  constructor(scheduler: Scheduler, faultPlan: FaultPlan) {
    this.#scheduler = scheduler;
    this.#faultPlan = faultPlan;
  }

  send(message: Message): Promise<Response> {
    const { line, name, signal, mayBeDoubled = true } = message;
    const kinds = fates[line].filter((kind) => mayBeDoubled || kind !== 'doubled');
    const fate = this.#faultPlan.fateOf(
      kinds.map((kind) => `${line}.${kind}` as Fate),
      name,
    );
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const other = new AbortController();
      let isOver = false;
      const settle = (action: () => void) => {
        if (isOver) return;
        isOver = true;
        signal?.removeEventListener('abort', stop);
        action();
      };
      const stop = () => {
        settle(() => reject(signal?.reason as Error));
        // The other end notices when the connection is closed.
        this.#scheduler.after(this.#delay(message), `hang up ${name}`, () => other.abort());
      };
      signal?.addEventListener('abort', stop, { once: true });
      const answer = (leg: string, action: () => void) => {
        this.#scheduler.after(this.#delay(message), `${leg} ${name}`, () => settle(action));
      };
      const fail = () => answer('cut', () => reject(lineCut()));
      this.#scheduler.after(this.#delay(message), `send ${name}${fate ? ` (${fate})` : ''}`, () => {
        if (other.signal.aborted && !fate?.endsWith('reply-lost')) return;
        if (message.isCut()) return fail();
        this.#meet(fate, message, other.signal, {
          reply: (response) =>
            answer('reply', () => (message.isCut() ? reject(lineCut()) : resolve(response))),
          fail,
        });
      });
    });
  }

  #meet(
    fate: Fate | undefined,
    message: Message,
    signal: AbortSignal,
    { reply, fail }: { reply: (response: Response) => void; fail: () => void },
  ): void {
    const kind = fate?.slice(message.line.length + 1) as (typeof fates)[LineName][number] | undefined;
    switch (kind) {
      case 'request-lost':
        return fail();
      case 'silent':
      case 'stalled':
        // Nothing comes back; who waits gives up by a limit of its own.
        return;
      case 'html':
        return reply(new Response(page, { headers: { 'content-type': 'text/html' } }));
      case 'login-page': {
        const response = new Response(page, { headers: { 'content-type': 'text/html' } });
        return reply(Object.defineProperty(response, 'redirected', { value: true }));
      }
      case '502':
      case '503':
        return reply(new Response(page, { status: Number(kind), headers: { 'content-type': 'text/html' } }));
      case 'reply-lost':
        message.deliver(signal, false).then(fail, fail);
        return;
      case 'doubled':
        this.#scheduler.after(10 * this.#delay(message), `again ${message.name}`, () => {
          message.deliver(new AbortController().signal, true).catch(() => {});
        });
        break;
      case undefined:
    }
    message.deliver(signal, false).then(reply, fail);
  }

  #delay({ line, name }: Message): number {
    const { chance } = this.#scheduler;
    const isLate = this.#faultPlan.strikes(`${line}.late`, name);
    return isLate ? chance.between(`late ${name}`, 1000, 20_000) : chance.between(`way ${name}`, 5, 120);
  }
}
