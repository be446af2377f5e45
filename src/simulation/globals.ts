import nodeCrypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { counted } from './quiet.js';
import type { Scheduler } from './scheduler.js';
import { syncSubtle } from './subtle.js';

/**
 * Puts time and chance of endpoint, providers and sandbox into the scheduler's hands, as far as they use the runtime's
 * own and not an option, and hears of errors that pages report. Returns the way back.
 */
export function takeGlobals(scheduler: Scheduler, onReportedError: (error: unknown) => void): () => void {
  const undo: (() => void)[] = [];
  const replace = (target: object, name: string, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
    undo.push(() => {
      if (before) Object.defineProperty(target, name, before);
      else Reflect.deleteProperty(target, name);
    });
  };
  takeTime(scheduler, replace);
  takeChance(scheduler, replace);
  syncBuiltinESMExports();
  takeThreads(replace);
  replace(globalThis, 'reportError', onReportedError);
  return () => {
    for (const step of undo.reverse()) step();
    syncBuiltinESMExports();
  };
}

type Replace = (target: object, name: string, value: unknown) => void;

function takeTime(scheduler: Scheduler, replace: Replace): void {
  const realClear = clearTimeout;
  replace(Date, 'now', () => scheduler.nowMs);
  replace(performance, 'now', () => scheduler.elapsedMs);
  replace(globalThis, 'setTimeout', (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
    const cancel = scheduler.after(delayMs, `timer ${delayMs}`, () => {
      run(...args);
    });
    const timer = { cancel, ref: () => timer, unref: () => timer, hasRef: () => true };
    return timer;
  });
  replace(globalThis, 'clearTimeout', (timer: unknown) => {
    if (typeof timer === 'object' && timer && 'cancel' in timer) (timer as { cancel: () => void }).cancel();
    else realClear(timer as NodeJS.Timeout | undefined);
  });
  replace(AbortSignal, 'timeout', (delayMs: number) => {
    const controller = new AbortController();
    scheduler.after(delayMs, `timeout ${delayMs}`, () => {
      controller.abort(new DOMException('The operation timed out.', 'TimeoutError'));
    });
    return controller.signal;
  });
}

function takeChance({ chance }: Scheduler, replace: Replace): void {
  const fill = <T extends ArrayBufferView>(target: T): T => {
    chance.bytes('bytes', new Uint8Array(target.buffer, target.byteOffset, target.byteLength));
    return target;
  };
  const randomBytes = (size: number) => fill(Buffer.alloc(size));
  const randomUUID = () =>
    randomBytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  replace(Math, 'random', () => chance.draw('number'));
  replace(crypto, 'getRandomValues', fill);
  replace(crypto, 'randomUUID', randomUUID);
  replace(nodeCrypto, 'randomBytes', randomBytes);
  replace(nodeCrypto, 'randomUUID', randomUUID);
  replace(nodeCrypto, 'randomInt', (a: number, b?: number) =>
    b === undefined ? chance.between('int', 0, a - 1) : chance.between('int', a, b - 1),
  );
}

function takeThreads(replace: Replace): void {
  for (const [name, method] of Object.entries(syncSubtle)) replace(crypto.subtle, name, method);
  for (const name of ['arrayBuffer', 'text'] as const) {
    const real = Reflect.get(Blob.prototype, name) as (this: Blob) => Promise<unknown>;
    replace(Blob.prototype, name, function (this: Blob) {
      return counted(real.call(this));
    });
  }
  for (const name of ['instantiate', 'compile'] as const) {
    const real = WebAssembly[name].bind(WebAssembly) as (...args: unknown[]) => Promise<unknown>;
    replace(WebAssembly, name, (...args: unknown[]) => counted(real(...args)));
  }
}
