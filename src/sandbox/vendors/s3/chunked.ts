import type { ChunkSigner } from '../../verify/sigv4.js';
import { S3Error } from './errors.js';

const crlf = Buffer.from('\r\n');
const maxHeadBytes = 16 * 1024;
/** The vendor's clients send chunks of 64 KiB to a few MiB; each is buffered until its signature is checked. */
const maxChunkBytes = 64 * 1024 * 1024;

/**
 * Body of `Content-Encoding: aws-chunked` ("Transferring payload in multiple chunks"): size in hex, an optional
 * signature, the bytes, and optional trailers after the empty last chunk. Yields the bytes.
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  sign: ChunkSigner | undefined,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new Reader(source);
  for (;;) {
    const [sizeText = '', ...extensions] = (await reader.line()).split(';');
    if (!/^[0-9a-fA-F]{1,8}$/.test(sizeText)) throw new S3Error('IncompleteBody');
    const size = parseInt(sizeText, 16);
    if (size > maxChunkBytes)
      throw new S3Error('InvalidRequest', { message: 'The chunk is too large for the sandbox.' });
    const bytes = await reader.take(size);
    if (sign) checkSignature(extensions, sign(bytes));
    if (size === 0) break;
    yield bytes;
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody');
  }
  for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
    const cut = line.indexOf(':');
    trailers.set(line.slice(0, cut).trim().toLowerCase(), line.slice(cut + 1).trim());
  }
  await reader.drain();
}

function checkSignature(extensions: readonly string[], expected: string): void {
  const given = extensions
    .find((one) => one.startsWith('chunk-signature='))
    ?.slice('chunk-signature='.length);
  if (given !== expected) throw new S3Error('SignatureDoesNotMatch');
}

/** Reads lines and fixed numbers of bytes from a stream. */
class Reader {
  readonly #source: AsyncIterator<Buffer>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const line = await this.#line();
    if (line === undefined) throw new S3Error('IncompleteBody');
    return line;
  }

  /** The end of the body counts as an empty line. */
  async lastLine(): Promise<string> {
    return (await this.#line()) ?? '';
  }

  async take(count: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#pending.length === 0 && !(await this.#more())) throw new S3Error('IncompleteBody');
      const piece = this.#pending.subarray(0, missing);
      this.#pending = this.#pending.subarray(piece.length);
      missing -= piece.length;
      chunks.push(piece);
    }
    return Buffer.concat(chunks);
  }

  async drain(): Promise<void> {
    while (await this.#more()) this.#pending = Buffer.alloc(0);
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const cut = this.#pending.indexOf(crlf);
      if (cut >= 0) {
        const line = this.#pending.subarray(0, cut).toString('latin1');
        this.#pending = this.#pending.subarray(cut + crlf.length);
        return line;
      }
      if (this.#pending.length > maxHeadBytes) throw new S3Error('IncompleteBody');
      if (!(await this.#more())) return undefined;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#pending = Buffer.concat([this.#pending, next.value]);
    return true;
  }
}
