import { EndpointError } from './errors.js';

/** Reads a JSON body of at most `maxBytes`, counting bytes as they arrive: a stated length may be absent or false. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  // A form cannot send this type, and a script of another origin not without a preflight.
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw new EndpointError('invalid-request', { detail: 'Content-Type has to be application/json.' });
  }
  const text = await readText(request, maxBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold tickets.
    throw new EndpointError('invalid-request', { detail: 'The body is not JSON.' });
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    new EndpointError('payload-too-large', { detail: `The body is larger than ${maxBytes} bytes.` });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
