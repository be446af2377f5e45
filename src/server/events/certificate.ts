import { fromBase64, toHex } from '../encoding.js';

/** What a verifier needs of an X.509 certificate (RFC 5280, section 4.1). */
export interface Certificate {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** By which the certificate itself is signed. Undefined: an algorithm that is not RSA with SHA-1 or SHA-2. */
  readonly hash: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** sha1WithRSAEncryption and its successors (RFC 8017, appendix A.2.4), as hexadecimal content of the OID. */
const hashes: Readonly<Record<string, Certificate['hash']>> = {
  '2a864886f70d010105': 'SHA-1',
  '2a864886f70d01010b': 'SHA-256',
  '2a864886f70d01010c': 'SHA-384',
  '2a864886f70d01010d': 'SHA-512',
};

/** Reads the first certificate of a PEM text. Throws for anything else. */
export function parseCertificate(pem: string): Certificate {
  const base64 = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (base64 === undefined) throw new Error('not a certificate in PEM');
  const der = fromBase64(base64.replace(/\s/g, ''));
  const [certificate] = childrenOf(der, 0, der.length);
  if (!certificate) throw new Error('empty');
  const [tbs, algorithm] = inside(der, certificate);
  if (!tbs || !algorithm) throw new Error('no signed part');
  // An explicit version comes first, except in certificates of version 1.
  const fields = inside(der, tbs).filter(({ tag }) => tag !== 0xa0);
  const [, , , validity, , publicKey] = fields;
  const [oid] = inside(der, algorithm);
  if (!validity || !publicKey || !oid) throw new Error('fields are missing');
  const [from, until] = inside(der, validity).map((time) => timeOf(der, time));
  if (from === undefined || until === undefined) throw new Error('no validity');
  return {
    publicKey: der.slice(publicKey.start, publicKey.end),
    hash: hashes[toHex(der.slice(oid.content, oid.end))],
    notBefore: from,
    notAfter: until,
  };
}

/** Tag, and offsets of its first byte, of its content and of its end. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function inside(der: Uint8Array, { content, end }: Element): Element[] {
  return childrenOf(der, content, end);
}

function childrenOf(der: Uint8Array, from: number, until: number): Element[] {
  const elements: Element[] = [];
  for (let start = from; start < until;) {
    const element = elementAt(der, start);
    if (element.end > until) throw new Error('an element is longer than its container');
    elements.push(element);
    start = element.end;
  }
  return elements;
}

function elementAt(der: Uint8Array, start: number): Element {
  const first = der[start + 1] ?? 0;
  const count = first & 0x80 ? first & 0x7f : 0;
  if (count > 3) throw new Error('an element is too long');
  let length = count === 0 ? first : 0;
  for (let i = 0; i < count; i++) length = length * 256 + (der[start + 2 + i] ?? 0);
  const content = start + 2 + count;
  if (content + length > der.length) throw new Error('the certificate is cut off');
  return { tag: der[start] ?? 0, start, content, end: content + length };
}

/** UTCTime or GeneralizedTime. */
function timeOf(der: Uint8Array, { tag, content, end }: Element): number {
  const text = new TextDecoder().decode(der.slice(content, end));
  const isShort = tag === 0x17;
  const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) throw new Error('a time is not readable');
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const century = isShort ? (year < 50 ? 2000 : 1900) : 0;
  return Date.UTC(century + year, month - 1, day, hour, minute, second);
}
