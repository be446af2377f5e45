import { md5 } from '@noble/hashes/legacy.js';

/** What hashing needs of a hasher; that of hash-wasm fits. */
export interface Hasher {
  init(): unknown;
  update(bytes: Uint8Array): unknown;
  digest(outputType: 'binary'): Uint8Array;
}

/** MD5 in plain JavaScript, several times slower: for pages whose Content Security Policy forbids WebAssembly. */
export function createPlainMd5(): Hasher {
  let hash = md5.create();
  return {
    init: () => (hash = md5.create()),
    update: (bytes) => hash.update(bytes),
    digest: () => hash.digest(),
  };
}
