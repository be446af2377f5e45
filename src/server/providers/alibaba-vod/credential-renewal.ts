import { EndpointError } from '../../errors.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import type { VodClient } from './client.js';
import { isStale } from './errors.js';
import { readGrant } from './grant.js';
import { stateOf, type AlibabaVodState, type Target } from './state.js';

/** Credentials about to expire are not signed with: the browser needs time to send. */
const renewBeforeMs = 10 * 60_000;

export type Renewed =
  | { readonly kind: 'same'; readonly state: AlibabaVodState; readonly isRenewed: boolean }
  /** The service has assigned another object. */
  | { readonly kind: 'moved'; readonly target: Target };

export interface RenewalOptions {
  readonly region: string;
  readonly now: () => number;
}

/** Renews the temporary credentials of uploads ("RefreshUploadVideo"): same object, same multipart upload. */
export class CredentialRenewal {
  readonly #vod: VodClient;
  readonly #options: RenewalOptions;
  /** By video: all calls that find the same credentials expired wait for one renewal. */
  readonly #pending = new Map<string, Promise<Target>>();

  constructor(vod: VodClient, options: RenewalOptions) {
    this.#vod = vod;
    this.#options = options;
  }

  /** Whether the credentials are about to be renewed. */
  isNearEnd(session: Session<unknown>): boolean {
    return stateOf(session).keys.expiresAt - this.#options.now() <= renewBeforeMs;
  }

  /** The session's state with credentials that are valid for a while yet. */
  async fresh(session: Session<unknown>, context: CallContext): Promise<Renewed> {
    const state = stateOf(session);
    return this.isNearEnd(session)
      ? this.#renew(session, state, context)
      : { kind: 'same', state, isRenewed: false };
  }

  /** Calls the store, and once more with new credentials where it says that these have expired. */
  async use<T>(
    session: Session<unknown>,
    call: (state: AlibabaVodState) => Promise<T>,
    context: CallContext,
  ): Promise<T> {
    try {
      return await call(sameObject(await this.fresh(session, context)));
    } catch (error) {
      if (!isStale(error)) throw error;
      return call(sameObject(await this.#renew(session, stateOf(session), context)));
    }
  }

  async #renew(session: Session<unknown>, state: AlibabaVodState, context: CallContext): Promise<Renewed> {
    const target = await this.#singleFlight(mediaIdOf(session), context);
    const isSame = target.bucket === state.bucket && target.key === state.key;
    return isSame
      ? { kind: 'same', state: { ...state, ...target }, isRenewed: true }
      : { kind: 'moved', target };
  }

  #singleFlight(mediaId: string, context: CallContext): Promise<Target> {
    const pending =
      this.#pending.get(mediaId) ??
      this.#refresh(mediaId, context).finally(() => this.#pending.delete(mediaId));
    this.#pending.set(mediaId, pending);
    return pending;
  }

  async #refresh(mediaId: string, context: CallContext): Promise<Target> {
    const { region, now } = this.#options;
    // A caller that disconnects must not abort the renewal for the others.
    const { signal } = new AbortController();
    const grant = await this.#vod.refreshVideo(mediaId, { ...context, signal });
    return readGrant(grant, 'RefreshUploadVideo', { region, nowMs: now() });
  }
}

/** Nothing that was stored can be reached under another object's name. */
function sameObject(renewed: Renewed): AlibabaVodState {
  if (renewed.kind === 'same') return renewed.state;
  throw new EndpointError('upload-not-found', {
    detail: 'The service has assigned another object to this upload.',
  });
}
