import * as v from 'valibot';
import {
  uploadSessionSchema,
  type StartItem,
  type StartResponse,
  type UploadSession,
} from '../protocol/index.js';
import type { SafeStore } from './bounded.js';
import { Claims } from './claims.js';
import { EndpointError } from './errors.js';
import { sha256Hex } from './hash.js';
import type { Session } from './provider.js';

type StartResult = StartResponse['results'][number];

/** How long a repeat of a start gets the same session: as long as a page goes on repeating it, and URLs live. */
const startLifetimeMs = 60 * 60_000;
const restartPrefix = 'vodrop:restart:';
const triedSuffix = ':tried';
/** In place of the key of a start: a page has asked for it and was told that it has not begun. */
const notBegun = 'not begun';
/** How long that holds: as long as a call may be on its way. The page has ended, so it does not repeat the call. */
const notBegunLifetimeMs = 5 * 60_000;
/** The longest for which a service tells repeated imports apart. */
const triedLifetimeMs = 3 * 24 * 60 * 60_000;

const keptSchema = v.object({
  session: uploadSessionSchema,
  /** Of the upload, in the tickets. */
  sessionId: v.optional(v.string()),
  at: v.number(),
  /** Whether a repeat has been answered with the session. */
  isClaimed: v.optional(v.boolean()),
  /** No page has the session: it is ended before the start begins anew. */
  isUnheard: v.optional(v.boolean()),
});
type Kept = v.InferOutput<typeof keptSchema>;

/** `isUnheard`: the caller is gone. */
export type Begun = StartResult & { readonly isUnheard?: boolean; readonly sessionId?: string };

/** Ends a session that no page has. Throws where the next repeat is to try again. */
type Discard = (ticket: string) => Promise<void>;

export interface OnceOptions {
  /** How long a repeat gets the same session, in ms. Default an hour. */
  readonly lifetimeMs?: number | undefined;
  /** The same start is under way elsewhere, and this call waits for what comes of it. */
  readonly onWait?: () => void;
  readonly discard?: Discard;
}

/** A start of this instance. */
export interface Run {
  /** Another call waits for its result, or was given it. */
  isShared: boolean;
  isTakenBack: boolean;
}

export interface StartsOptions {
  readonly store: SafeStore;
  /** How long a transfer that was begun anew is remembered: as long as tickets live. Default an hour. */
  readonly restartLifetimeMs?: number;
  /** Whether the upload was discarded since: then the same start is a new one. Default: no. */
  readonly isDiscarded?: (sessionId: string) => Promise<boolean>;
  readonly now: () => number;
}

/** Makes `start` idempotent: the repeat of a call whose answer was lost gets the session that the first call made. */
export class Starts {
  readonly #store: SafeStore;
  readonly #restartLifetimeMs: number;
  readonly #isDiscarded: NonNullable<StartsOptions['isDiscarded']>;
  readonly #now: () => number;
  readonly #claims: Claims;
  /** Of this instance, by key. */
  readonly #underWay = new Map<string, { readonly result: Promise<StartResult>; readonly run: Run }>();

  constructor({
    store,
    restartLifetimeMs = startLifetimeMs,
    isDiscarded = () => Promise.resolve(false),
    now,
  }: StartsOptions) {
    this.#restartLifetimeMs = restartLifetimeMs;
    this.#store = store;
    this.#claims = new Claims(store);
    this.#isDiscarded = isDiscarded;
    this.#now = now;
  }

  /** `begin` is given what {@link takeBack} asks for. */
  async once(
    key: string,
    begin: (run: Readonly<Run>) => Promise<Begun>,
    { onWait, ...options }: OnceOptions = {},
  ): Promise<StartResult> {
    const running = this.#underWay.get(key);
    if (running) {
      running.run.isShared = true;
      onWait?.();
      return running.result;
    }
    const run: Run = { isShared: false, isTakenBack: false };
    const leave = () => {
      if (this.#underWay.get(key)?.run === run) this.#underWay.delete(key);
    };
    const beginAlone = async () => {
      const begun = await begin(run);
      run.isTakenBack = begun.isUnheard === true && !run.isShared;
      // Who comes from now on waits until it is ended.
      if (run.isTakenBack) leave();
      return { ...begun, isUnheard: run.isTakenBack };
    };
    const result = this.#claims
      .alone(key, () => this.#once(key, beginAlone, options), { onWait })
      .finally(leave);
    this.#underWay.set(key, { result, run });
    return result;
  }

  /**
   * Ends a start whose answer did not reach the page, unless a repeat has been given the session meanwhile. Repeats
   * wait until `discard` is done and begin anew; what it could not end, they end first.
   */
  async takeBack(
    key: string,
    ticket: string,
    { run, discard }: { readonly run: Readonly<Run>; readonly discard: Discard },
  ): Promise<void> {
    if (run.isTakenBack) return;
    await this.#claims.alone(key, async () => {
      const kept = await this.#read(key);
      if (run.isShared || kept?.isClaimed || (kept && kept.session.ticket !== ticket)) return;
      // Noted first: this process may end before the cloud has answered.
      if (kept) await this.#keep(key, { ...kept, isUnheard: true });
      await discard(ticket);
      await this.#forget(key);
    });
  }

  /** What the transfer of this session was begun anew with. */
  async restarted(session: Restarting): Promise<UploadSession | undefined> {
    const kept = await this.#read(restartKey(session));
    return kept && aged(kept.session, this.#now() - kept.at);
  }

  /** When a call to the cloud was made for this start whose answer may have been lost, in ms since 1970. */
  async triedAt(key: string): Promise<number | undefined> {
    const text = await this.#store.get(key + triedSuffix).catch(() => undefined);
    return text ? Number(text) : undefined;
  }

  /** Noted before the call, so that the repeat looks for what it has begun. Undefined: it has begun nothing. */
  async keepTry(key: string, at: number | undefined): Promise<void> {
    const lifetimeMs = at === undefined ? 1 : triedLifetimeMs;
    await this.#store.put(key + triedSuffix, at?.toString() ?? '', lifetimeMs).catch(() => undefined);
  }

  /** How long what a page may ask for on a later visit is remembered: as long as its ticket lives, in ms. */
  get visitLifetimeMs(): number {
    return this.#restartLifetimeMs;
  }

  /**
   * Lets {@link earlier} find a start by a name that says nothing of it. To be called while it begins, so that who finds
   * it waits for its end. False: a page has asked for it by this name, and was told that it has not begun; so it must not
   * begin any more.
   */
  async announce(name: string, key: string): Promise<boolean> {
    const known = await this.#claimName(name, key, this.visitLifetimeMs);
    if (known === notBegun) return false;
    if (known !== key) await this.#store.put(name, key, this.visitLifetimeMs);
    return true;
  }

  /**
   * The session of a start that was announced by this name. Waits for one that is under way. `count` is called before
   * the store is written to, and may refuse. Throws `vendor-unavailable`, which pages repeat, where the store does not
   * answer, since its record must not be lost; and `import-lost` where the cloud may have begun an import without a record.
   */
  async earlier(name: string, count: () => Promise<void>): Promise<UploadSession | undefined> {
    const known = await this.#store.get(name);
    if (!known) await count();
    const key = known || (await this.#claimName(name, notBegun, notBegunLifetimeMs));
    if (key === undefined)
      throw new EndpointError('vendor-unavailable', { detail: 'The store does not answer.' });
    if (key === notBegun) return undefined;
    const running = this.#underWay.get(key);
    if (running) {
      running.run.isShared = true;
      const result = await running.result;
      return result.outcome === 'started' ? result.session : undefined;
    }
    return this.#claims.alone(key, async () => {
      const kept = await this.#read(key);
      if (!kept && (await this.triedAt(key)) !== undefined)
        throw new EndpointError('import-lost', { detail: 'The answer of the cloud was lost.' });
      return kept && !(await this.#isOver(kept)) ? kept.session : undefined;
    });
  }

  /**
   * Gives a name its value, unless it has one. Answers what it has then; undefined where the store does not say. Of two
   * calls in one moment one wins where the store has `putIfAbsent`.
   */
  async #claimName(name: string, value: string, lifetimeMs: number): Promise<string | undefined> {
    if (await this.#store.putIfAbsent?.(name, value, lifetimeMs)) return value;
    const known = await this.#store.get(name);
    if (known) return known;
    await this.#store.put(name, value, lifetimeMs);
    return (await this.#store.get(name)) || undefined;
  }

  async #once(
    key: string,
    begin: () => Promise<Begun>,
    { discard, lifetimeMs = this.#lifetimeMs(key) }: OnceOptions,
  ): Promise<StartResult> {
    const kept = await this.#read(key);
    if (kept?.isUnheard) {
      await discard?.(kept.session.ticket);
    } else if (kept && !(await this.#isOver(kept))) {
      if (!kept.isClaimed) await this.#keep(key, { ...kept, isClaimed: true }, lifetimeMs);
      return { outcome: 'started', session: aged(kept.session, this.#now() - kept.at) };
    }
    const {
      isUnheard = false,
      sessionId,
      ...result
    } = await begin().catch(async (error: unknown) => {
      await this.#forget(key);
      throw error;
    });
    if (result.outcome !== 'started') {
      await this.#forget(key);
      return result;
    }
    const begun = { at: this.#now(), session: result.session, sessionId, isUnheard };
    await this.#keep(key, begun, lifetimeMs);
    if (isUnheard) {
      await discard?.(begun.session.ticket);
      await this.#forget(key);
    }
    return result;
  }

  #lifetimeMs(key: string): number {
    return key.startsWith(restartPrefix) ? this.#restartLifetimeMs : startLifetimeMs;
  }

  async #isOver({ sessionId }: Kept): Promise<boolean> {
    return sessionId !== undefined && (await this.#isDiscarded(sessionId));
  }

  async #read(key: string): Promise<Kept | undefined> {
    const text = await this.#store.get(key).catch(() => undefined);
    return text ? keptIn(text) : undefined;
  }

  /** A store that is down costs the memory of starts, not the starts. */
  async #keep(key: string, kept: Kept, lifetimeMs = this.#lifetimeMs(key)): Promise<void> {
    const leftMs = Math.max(1, lifetimeMs - (this.#now() - kept.at));
    await this.#store.put(key, JSON.stringify(kept), leftMs).catch(() => undefined);
  }

  async #forget(key: string): Promise<void> {
    await this.#store.put(key, '', 1).catch(() => undefined);
  }
}

/**
 * The same call of the same caller; one that differs in anything but `metadata`, the wished part size, and what the page
 * has learned of the caller, is another upload. Without a wait, so that the uploads of a call are counted in their order.
 */
export function startKey(callerId: string, providerId: string, item: Partial<StartItem>): string {
  const { metadata: _metadata, addedBy: _, partSizeBytes: _size, ...upload } = item;
  return `vodrop:start:${sha256Hex(JSON.stringify([callerId, providerId, upload]))}`;
}

/** Undefined for what this endpoint has not written. */
function keptIn(text: string): Kept | undefined {
  try {
    const kept = v.safeParse(keptSchema, JSON.parse(text));
    return kept.success ? kept.output : undefined;
  } catch {
    return undefined;
  }
}

type Restarting = Pick<Session<unknown>, 'id' | 'generation'>;

/** Not by the ticket: of one upload there are as many as its pages ask for. */
export function restartKey({ id, generation = 0 }: Restarting): string {
  return `${restartPrefix}${id}:${generation}`;
}

/** Requests that have expired meanwhile are left out: the page asks for others. */
function aged(session: UploadSession, elapsedMs: number): UploadSession {
  const age = <T extends { readonly expiresInMs: number }>(request: T): T => ({
    ...request,
    expiresInMs: Math.max(0, request.expiresInMs - elapsedMs),
  });
  const signed = session.signed?.map(age).filter(({ expiresInMs }) => expiresInMs > 0);
  return {
    ...session,
    signed: signed && signed.length > 0 ? signed : undefined,
    attachments: session.attachments?.map(age),
  };
}
