import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import * as v from 'valibot';
import { transferSchema } from '../protocol/index.js';
import { utf8 } from './encoding.js';
import { EndpointError } from './errors.js';
import type { Session } from './provider.js';

/** A secret text or key of at least 32 characters or bytes. */
export type Secret = string | Uint8Array;

export interface TicketBinding {
  readonly callerId: string;
  readonly providerId: string;
}

export interface OpenedTicket {
  readonly providerId: string;
  readonly session: Session<unknown>;
}

/** Makes and opens tickets: what a later call needs, encrypted (JWE, dir, A256GCM), expiring, bound to one caller. */
export interface TicketCodec {
  seal(session: Session<unknown>, binding: TicketBinding): Promise<string>;
  /** Throws `ticket-invalid`, `ticket-expired` or `ticket-foreign`. */
  open(ticket: string, callerId: string): Promise<OpenedTicket>;
}

export interface TicketOptions {
  /** The first encrypts, all decrypt, so that secrets can be changed without ending running uploads. */
  readonly secrets: readonly Secret[];
  readonly lifetimeMs: number;
  readonly now: () => number;
}

const minSecretLength = 32;
/** The protocol's limit of a ticket; a provider's state has to fit. */
const maxTicketLength = 16_384;
const encryption = { alg: 'dir', enc: 'A256GCM', typ: 'vodrop+jwt' } as const;

const claimsSchema = v.object({
  sub: v.string(),
  provider: v.string(),
  session: v.object({
    id: v.string(),
    mediaId: v.optional(v.string()),
    fileName: v.string(),
    sizeBytes: v.number(),
    transfer: transferSchema,
    state: v.unknown(),
  }),
});

export function createTicketCodec({ secrets, lifetimeMs, now }: TicketOptions): TicketCodec {
  if (secrets.length === 0 || secrets.some((secret) => secret.length < minSecretLength)) {
    throw new TypeError(`A ticket secret needs at least ${minSecretLength} characters or bytes.`);
  }
  let keys: Promise<Uint8Array[]> | undefined;
  const getKeys = () => (keys ??= Promise.all(secrets.map(deriveKey)));
  return {
    async seal(session, { callerId, providerId }) {
      const [key] = await getKeys();
      if (!key) throw new TypeError('No ticket secret.');
      const ticket = await new EncryptJWT({ provider: providerId, session })
        .setProtectedHeader(encryption)
        .setSubject(callerId)
        .setExpirationTime(new Date(now() + lifetimeMs))
        .encrypt(key);
      if (ticket.length > maxTicketLength)
        throw new RangeError(`The state of ${providerId} does not fit into a ticket.`);
      return ticket;
    },
    async open(ticket, callerId) {
      const { sub, provider, session } = await decrypt(ticket, await getKeys(), new Date(now()));
      if (sub !== callerId) throw new EndpointError('ticket-foreign');
      return { providerId: provider, session };
    },
  };
}

/** HKDF, so that neither a short text nor a key used elsewhere too becomes the encryption key itself. */
async function deriveKey(secret: Secret): Promise<Uint8Array> {
  const material = typeof secret === 'string' ? utf8(secret) : new Uint8Array(secret);
  const base = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('vodrop ticket v1') },
    base,
    256,
  );
  return new Uint8Array(bits);
}

async function decrypt(
  ticket: string,
  keys: readonly Uint8Array[],
  currentDate: Date,
): Promise<v.InferOutput<typeof claimsSchema>> {
  for (const key of keys) {
    try {
      const { payload } = await jwtDecrypt(ticket, key, {
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
      // Sealed with another of the secrets, or not by us at all: the next key tells.
      if (!(error instanceof errors.JOSEError)) throw error;
    }
  }
  throw new EndpointError('ticket-invalid');
}
