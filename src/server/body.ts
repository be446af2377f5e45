import { EndpointError } from './errors.js';

export interface BodyLimits {
  readonly maxBytes: number;
  /** A body that has not begun to arrive by then is given up. Each kilobyte that arrives gains a second. */
  readonly patienceMs: number;
}

/** A slower connection than this does not upload videos either. */
const slowestBytesPerMs = 1;
const longestMs = 120_000;
/** Deeper than any data of a page. What is kept of a message is written by functions that call themselves. */
const maxLevels = 64;

/** Reads a JSON body of at most `maxBytes`, counting bytes as they arrive: a stated length may be absent or false. */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  // A form cannot send this type, and a script of another origin not without a preflight.
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new EndpointError('invalid-request', { detail: 'Content-Type has to be application/json.' });
  }
  const text = await readText(request, limits);
  const json = parsed(text);
  if (isDeeper(json, maxLevels))
    throw new EndpointError('invalid-request', { detail: `The body has more than ${maxLevels} levels.` });
  return json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold tickets.
    throw new EndpointError('invalid-request', { detail: 'The body is not JSON.' });
  }
}

/** Level by level, because a function that called itself for each would not return from the deepest. */
function isDeeper(json: unknown, maxLevels: number): boolean {
  let level = [json].filter(isObject);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxLevels) return true;
    level = level.flatMap((one) => Object.values(one).filter(isObject));
  }
  return false;
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null;
}

/** Reads a text within the limits. */
export async function readText(request: Request, { maxBytes, patienceMs }: BodyLimits): Promise<string> {
  const tooLarge = () =>
    new EndpointError('payload-too-large', { detail: `The body is larger than ${maxBytes} bytes.` });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  const late = deadline(patienceMs);
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.passed]);
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      late.extendTo(Math.min(longestMs, patienceMs + bytes / slowestBytesPerMs));
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    // Not awaited: a source that hangs may hang here, too.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    late.clear();
  }
}

/** Rejects once the time is up, which is counted from here. The page repeats a call that came too slowly. */
function deadline(firstMs: number) {
  const begunAt = performance.now();
  let allowedMs = firstMs;
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<never>((_, reject) => {
    const check = () => {
      const leftMs = allowedMs - (performance.now() - begunAt);
      if (leftMs > 0) timer = setTimeout(check, leftMs);
      else
        reject(
          new EndpointError('rate-limited', { detail: 'The body arrives too slowly.', retryAfterMs: 1000 }),
        );
    };
    timer = setTimeout(check, firstMs);
  });
  // Nothing may be waiting for it any more.
  passed.catch(() => undefined);
  return {
    passed,
    extendTo(ms: number) {
      allowedMs = ms;
    },
    clear: () => clearTimeout(timer),
  };
}
