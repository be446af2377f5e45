import { createMD5 } from 'hash-wasm';

const pieceBytes = 4 * 1024 * 1024;

/** MD5 of a file, piece by piece, in lower-case hex. */
export async function digestOf(file: File | undefined): Promise<string> {
  if (!file) throw new Error('The file is gone.');
  const hasher = await createMD5();
  for (let at = 0; at < file.size; at += pieceBytes)
    hasher.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
  return hasher.digest('hex');
}
