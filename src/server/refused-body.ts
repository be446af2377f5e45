import { withinTime } from './within-time.js';

/** As much as is read of a body that was refused, and as long as that takes. The longest body that is accepted has 4 MiB. */
const maxBytes = 16 * 1024 * 1024;
const maxMs = 5000;

/**
 * Reads the rest of a body that was refused, and keeps nothing of it: true when it has come to its end. Node stops reading a
 * connection whose request is not read, so the next call on it would wait forever. A connection that is closed with
 * unread bytes is reset, and the client may lose the answer that was sent before (RFC 9112, section 9.6).
 */
export async function discardRest(chunks: AsyncIterator<Uint8Array>): Promise<boolean> {
  let isLate = false;
  const read = async () => {
    for (let bytes = 0; bytes <= maxBytes && !isLate;) {
      const next = await chunks.next();
      if (next.done) return true;
      bytes += next.value.byteLength;
    }
    return false;
  };
  try {
    return await withinTime(read, maxMs, () => new Error('The rest of the body does not come.'));
  } catch {
    // It is late, or the client has disconnected.
    isLate = true;
    return false;
  }
}
