import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { counted } from './quiet.js';

/**
 * WebCrypto without its threads, for what tickets and signatures need: a run must not depend on which thread is ready
 * first. Whatever is not known here is done by the real one, and counted.
 */
const real = {
  importKey: crypto.subtle.importKey.bind(crypto.subtle),
  encrypt: crypto.subtle.encrypt.bind(crypto.subtle),
  decrypt: crypto.subtle.decrypt.bind(crypto.subtle),
  sign: crypto.subtle.sign.bind(crypto.subtle),
  deriveBits: crypto.subtle.deriveBits.bind(crypto.subtle),
};

/** Of all runs: a key is imported by a thread once, and then taken from here. */
const keys = new Map<string, Promise<CryptoKey>>();
const raws = new WeakMap<CryptoKey, Buffer>();

export const syncSubtle = {
  // The signature is that of Web Crypto.
  // eslint-disable-next-line max-params
  async importKey(
    format: 'raw',
    data: BufferSource,
    algorithm: AlgorithmIdentifier | HmacImportParams,
    isExtractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey> {
    if (format !== 'raw') return counted(real.importKey(format, data, algorithm, isExtractable, usages));
    const raw = Buffer.from(bytesOf(data));
    const name = JSON.stringify([raw.toString('hex'), algorithm, isExtractable, usages]);
    const key = keys.get(name) ?? counted(real.importKey(format, data, algorithm, isExtractable, usages));
    keys.set(name, key);
    raws.set(await key, raw);
    return key;
  },

  async encrypt(algorithm: AesGcmParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    const raw = raws.get(key);
    if (algorithm.name !== 'AES-GCM' || !raw) return counted(real.encrypt(algorithm, key, data));
    const cipher = createCipheriv(gcm(raw), raw, bytesOf(algorithm.iv));
    if (algorithm.additionalData) cipher.setAAD(bytesOf(algorithm.additionalData));
    return exact(Buffer.concat([cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]));
  },

  async decrypt(algorithm: AesGcmParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    const raw = raws.get(key);
    if (algorithm.name !== 'AES-GCM' || !raw) return counted(real.decrypt(algorithm, key, data));
    const bytes = bytesOf(data);
    const cipher = createDecipheriv(gcm(raw), raw, bytesOf(algorithm.iv));
    if (algorithm.additionalData) cipher.setAAD(bytesOf(algorithm.additionalData));
    cipher.setAuthTag(bytes.subarray(-16));
    try {
      return exact(Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]));
    } catch {
      throw new DOMException('The operation failed.', 'OperationError');
    }
  },

  digest(algorithm: AlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer> {
    return Promise.resolve(exact(createHash(nameOf(algorithm)).update(bytesOf(data)).digest()));
  },

  async sign(algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer> {
    const raw = raws.get(key);
    const { name, hash } = key.algorithm as HmacKeyAlgorithm;
    if (name !== 'HMAC' || !raw) return counted(real.sign(algorithm, key, data));
    return exact(createHmac(nameOf(hash), raw).update(bytesOf(data)).digest());
  },

  async deriveBits(algorithm: HkdfParams, key: CryptoKey, length: number): Promise<ArrayBuffer> {
    const raw = raws.get(key);
    if (algorithm.name !== 'HKDF' || !raw) return counted(real.deriveBits(algorithm, key, length));
    const { hash, salt, info } = algorithm;
    return hkdfSync(nameOf(hash), raw, bytesOf(salt), bytesOf(info), length / 8);
  },
};

function gcm(raw: Buffer): 'aes-128-gcm' | 'aes-256-gcm' {
  return raw.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}

/** `SHA-256` as Node names it. */
function nameOf(algorithm: AlgorithmIdentifier): string {
  const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
  return name.replace('-', '').toLowerCase();
}

function bytesOf(data: BufferSource): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function exact(buffer: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(buffer.length);
  new Uint8Array(copy).set(buffer);
  return copy;
}
