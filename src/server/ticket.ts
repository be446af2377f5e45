import { decodeProtectedHeader, EncryptJWT, errors, jwtDecrypt } from 'jose';
import * as v from 'valibot';
import { transferSchema } from '../protocol/index.js';
import { toHex, utf8 } from './encoding.js';
import { EndpointError } from './errors.js';
import { hmacSha256, type Hmac } from './hash.js';
import type { Session } from './provider.js';
import { weaknessOf, type Secret } from './secret.js';

export interface TicketBinding {
  readonly callerId: string;
  readonly providerId: string;
}

export interface OpenedTicket {
  /** Who it belongs to; whether that is who calls is for the caller of `open` to see. */
  readonly callerId: string;
  readonly providerId: string;
  readonly session: Session<unknown>;
}

/** Makes and opens tickets: what a later call needs, encrypted (JWE, dir, A256GCM), expiring, bound to one caller. */
export interface TicketCodec {
  seal(session: Session<unknown>, binding: TicketBinding): Promise<string>;
  /** Throws `ticket-invalid` or `ticket-expired`. */
  open(ticket: string): Promise<OpenedTicket>;
  /** Names a caller without saying who it is: the same at every instance with the secret. */
  tagOf(callerId: string): Promise<string>;
  /** False for a tag of a secret that is no longer known. */
  isTagOfAnother(tag: string, callerId: string): Promise<boolean>;
}

export interface TicketOptions {
  /** The first encrypts, all decrypt, so that secrets can be changed without ending running uploads. */
  readonly secrets: readonly Secret[];
  /** Which endpoint a ticket is for: another with the same secret refuses it. */
  readonly audience: string;
  /** Counted from the start of the upload: a ticket that replaces another does not live longer. */
  readonly lifetimeMs: number;
  readonly now: () => number;
}

/**
 * Tickets that this process has made or opened lately, at most so many: a page uses one for every call about an upload,
 * and each decryption is a job for another thread, which a busy processor begins late.
 */
const maxKept = 1000;

/** The protocol's limit of a ticket; a provider's state has to fit. */
const maxTicketLength = 16_384;
const encryption = { alg: 'dir', enc: 'A256GCM', typ: 'vodrop+jwt' } as const;

const claimsSchema = v.object({
  sub: v.string(),
  /** In seconds. */
  exp: v.number(),
  provider: v.string(),
  session: v.object({
    id: v.string(),
    startedAt: v.optional(v.number()),
    mediaId: v.optional(v.string()),
    fileName: v.string(),
    sizeBytes: v.number(),
    metadata: v.optional(v.record(v.string(), v.unknown())),
    transfer: transferSchema,
    generation: v.optional(v.number()),
    link: v.optional(v.object({ host: v.string(), isImported: v.optional(v.boolean()) })),
    state: v.unknown(),
  }),
});

/** Throws `TypeError`, with the remedy, for secrets that can be guessed. */
export function createTicketCodec({ secrets, audience, lifetimeMs, now }: TicketOptions): TicketCodec {
  const weakness = secrets.length === 0 ? weaknessOf(undefined) : secrets.map(weaknessOf).find(Boolean);
  if (weakness) throw new TypeError(weakness);
  let keys: Promise<TicketKey[]> | undefined;
  const getKeys = () => (keys ??= Promise.all(secrets.map(deriveKey)));
  const kept = new KeptClaims();
  return {
    async seal(session, { callerId, providerId }) {
      const [first] = await getKeys();
      if (!first) throw new TypeError('No ticket secret.');
      const { startedAt = now() } = session;
      const ticket = await new EncryptJWT({ provider: providerId, session: { ...session, startedAt } })
        .setProtectedHeader({ ...encryption, kid: first.id })
        .setSubject(callerId)
        .setAudience(audience)
        .setIssuedAt(new Date(now()))
        .setExpirationTime(new Date(startedAt + lifetimeMs))
        .encrypt(first.key);
      if (ticket.length > maxTicketLength)
        throw new RangeError(`The state of ${providerId} does not fit into a ticket.`);
      return ticket;
    },
    async open(ticket) {
      const currentDate = new Date(now());
      const claims =
        kept.get(ticket) ??
        (await decrypt(ticket, keyFor(ticket, await getKeys()), { audience, currentDate }));
      if (claims.exp * 1000 <= currentDate.getTime()) throw new EndpointError('ticket-expired');
      kept.put(ticket, claims);
      const { sub, provider, session } = claims;
      return { callerId: sub, providerId: provider, session };
    },
    async tagOf(callerId) {
      const [first] = await getKeys();
      if (!first) throw new TypeError('No ticket secret.');
      return tag(first, audience, callerId);
    },
    async isTagOfAnother(given, callerId) {
      const key = (await getKeys()).find(({ id }) => given.startsWith(id));
      return key !== undefined && given !== tag(key, audience, callerId);
    },
  };
}

const tagBytes = 12;

function tag({ id, tagHmac }: TicketKey, audience: string, callerId: string): string {
  return id + toHex(tagHmac(JSON.stringify([audience, callerId])).subarray(0, tagBytes));
}

type Claims = v.InferOutput<typeof claimsSchema>;

/** By the whole text of the ticket, so that one that differs in a character is decrypted, and refused. */
class KeptClaims {
  readonly #claims = new Map<string, Claims>();

  get(ticket: string): Claims | undefined {
    return this.#claims.get(ticket);
  }

  /** Last again, so that the oldest come first. */
  put(ticket: string, claims: Claims): void {
    this.#claims.delete(ticket);
    this.#claims.set(ticket, claims);
    const [oldest] = this.#claims.keys();
    if (this.#claims.size > maxKept && oldest !== undefined) this.#claims.delete(oldest);
  }
}

interface TicketKey {
  /** Derived from the secret: names the key in a ticket, and tells nothing of it. */
  readonly id: string;
  readonly key: CryptoKey;
  readonly tagHmac: Hmac;
}

/** The key that the ticket names. Throws `ticket-invalid` where it is not ours. */
function keyFor(ticket: string, keys: readonly TicketKey[]): CryptoKey {
  let id: string | undefined;
  try {
    id = decodeProtectedHeader(ticket).kid;
  } catch {
    // Not a ticket at all.
  }
  const found = keys.find((key) => key.id === id);
  if (!found) throw new EndpointError('ticket-invalid');
  return found.key;
}

/** HKDF, so that neither a short text nor a key used elsewhere too becomes the encryption key itself. */
async function deriveKey(secret: Secret): Promise<TicketKey> {
  const material = typeof secret === 'string' ? utf8(secret) : new Uint8Array(secret);
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  const derive = async (info: string, bits: number) =>
    new Uint8Array(
      await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) },
        base,
        bits,
      ),
    );
  return {
    id: toHex(await derive('vodrop ticket key id v1', 64)),
    // Imported once: of bytes, each ticket would import them anew.
    key: await crypto.subtle.importKey('raw', await derive('vodrop ticket v1', 256), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]),
    tagHmac: hmacSha256(await derive('vodrop caller tag v1', 256)),
  };
}

async function decrypt(
  ticket: string,
  key: CryptoKey,
  { audience, currentDate }: { readonly audience: string; readonly currentDate: Date },
): Promise<Claims> {
  try {
    const { payload } = await jwtDecrypt(ticket, key, {
      audience,
      currentDate,
      typ: encryption.typ,
      keyManagementAlgorithms: [encryption.alg],
      contentEncryptionAlgorithms: [encryption.enc],
      requiredClaims: ['sub', 'exp'],
    });
    const claims = v.safeParse(claimsSchema, payload);
    if (claims.success) return claims.output;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new EndpointError('ticket-expired');
    if (!(error instanceof errors.JOSEError)) throw error;
  }
  throw new EndpointError('ticket-invalid');
}
