import { fromBase64, utf8 } from '../encoding.js';
import { parseCertificate, type Certificate } from './certificate.js';
import type { SourceTools } from './source.js';

/** Certificates are small; more is not read. */
const maxCertificateBytes = 64 * 1024;
const fetchTimeoutMs = 5000;
const certificateLifetimeMs = 24 * 60 * 60_000;
const maxCertificates = 20;

/** Which addresses a message may name. */
export interface AddressRule {
  readonly hosts: (host: string) => boolean;
  readonly path: RegExp;
}

/** An https address by the rule, without user, password, port and anything else that is not expected. */
export function allowedAddress(text: string | undefined, { hosts, path }: AddressRule): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  return isPlain && hosts(url.hostname) && path.test(url.pathname) ? url : undefined;
}

export interface SignedMessage {
  /** Each `name\nvalue\n`, in the vendor's order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly signatureBase64: string;
  /** Allowed already. */
  readonly certificateUrl: URL;
  /** Default: the one by which the certificate itself is signed. */
  readonly hash?: 'SHA-1' | 'SHA-256' | undefined;
}

/**
 * Verifies messages that are signed with a certificate at an address, as SMN and SNS do. Certificates are kept for a
 * day.
 */
export class MessageVerifier {
  readonly #certificates = new Map<string, { readonly at: number; readonly found: Promise<Certificate> }>();

  /**
   * Why it is not genuine; undefined where it is. Rejects where the certificate cannot be fetched: it is asked for
   * again.
   */
  async problemOf(message: SignedMessage, tools: SourceTools): Promise<string | undefined> {
    const certificate = await this.#certificate(message.certificateUrl, tools);
    const nowMs = tools.now();
    if (nowMs < certificate.notBefore || nowMs > certificate.notAfter) return 'the certificate has expired';
    const hash = message.hash ?? certificate.hash;
    const signature = bytesOf(message.signatureBase64);
    if (!hash || !signature) return 'the signature is malformed';
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash };
    const key = await crypto.subtle
      .importKey('spki', certificate.publicKey, algorithm, false, ['verify'])
      .catch(() => undefined);
    if (!key) return 'the key of the certificate is not an RSA key';
    const text = message.fields.map(([name, value]) => `${name}\n${value}\n`).join('');
    return (await crypto.subtle.verify(algorithm.name, key, signature, utf8(text)))
      ? undefined
      : 'the signature is wrong';
  }

  #certificate(url: URL, tools: SourceTools): Promise<Certificate> {
    const kept = this.#certificates.get(url.href);
    if (kept && tools.now() - kept.at < certificateLifetimeMs) return kept.found;
    const found = fetchText(url, tools).then(parseCertificate);
    this.#certificates.delete(url.href);
    this.#certificates.set(url.href, { at: tools.now(), found });
    for (const oldest of this.#certificates.keys()) {
      if (this.#certificates.size <= maxCertificates) break;
      this.#certificates.delete(oldest);
    }
    found.catch(() => {
      if (this.#certificates.get(url.href)?.found === found) this.#certificates.delete(url.href);
    });
    return found;
  }
}

/** Opens the address by which a subscription is confirmed; allowed already. */
export async function confirmSubscription(url: URL, tools: SourceTools): Promise<void> {
  await fetchText(url, tools);
}

/** GET without redirects. */
async function fetchText(url: URL, { fetch, signal }: SourceTools): Promise<string> {
  const answer = await fetch(url.href, {
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
  });
  if (answer.status !== 200) throw new Error(`${url.origin} answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > maxCertificateBytes) throw new Error(`${url.origin} answered too much`);
  return text;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]{16,2048}={0,2}$/.test(base64)) return undefined;
  try {
    return Uint8Array.from(fromBase64(base64));
  } catch {
    return undefined;
  }
}
