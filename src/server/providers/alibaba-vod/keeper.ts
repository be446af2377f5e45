import { EndpointError } from '../../errors.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import type { VodClient } from './client.js';
import { hasCode, isStale } from './errors.js';
import type { AlibabaVodState, Target } from './state.js';
import { readGrant } from './upload-auth.js';

/** Credentials about to end are not worth signing with: the browser needs time to send. */
const renewBeforeMs = 10 * 60_000;

export type Renewed =
  | { readonly kind: 'kept'; readonly state: AlibabaVodState }
  /** The object is another one now. */
  | { readonly kind: 'moved'; readonly target: Target };

/** Keeps the temporary credentials of an upload alive ("RefreshUploadVideo"): same object, same multipart upload. */
export interface Keeper {
  fresh(session: Session<unknown>, state: AlibabaVodState, context: CallContext): Promise<Renewed>;
  /** Calls the store, and once more with new credentials where it says that these have run out. */
  use<T>(
    session: Session<unknown>,
    state: AlibabaVodState,
    call: (state: AlibabaVodState) => Promise<T>,
    context: CallContext,
  ): Promise<T>;
}

export function createKeeper(vod: VodClient, { region, now }: { region: string; now: () => number }): Keeper {
  /** By video: everything that finds the same credentials expired waits for one renewal. */
  const underWay = new Map<string, Promise<Target>>();

  async function ask(mediaId: string, context: CallContext): Promise<Target> {
    // One caller going away must not take the renewal from the others.
    const { signal } = new AbortController();
    return readGrant(await vod.refreshVideo(mediaId, { ...context, signal }), 'RefreshUploadVideo', {
      region,
      nowMs: now(),
    });
  }

  function renewal(mediaId: string, context: CallContext): Promise<Target> {
    const waiting = underWay.get(mediaId) ?? ask(mediaId, context).finally(() => underWay.delete(mediaId));
    underWay.set(mediaId, waiting);
    return waiting;
  }

  async function renew(
    session: Session<unknown>,
    state: AlibabaVodState,
    context: CallContext,
  ): Promise<Renewed> {
    const target = await renewal(mediaIdOf(session), context);
    const isSame = target.bucket === state.bucket && target.key === state.key;
    return isSame ? { kind: 'kept', state: { ...state, ...target } } : { kind: 'moved', target };
  }

  async function fresh(
    session: Session<unknown>,
    state: AlibabaVodState,
    context: CallContext,
  ): Promise<Renewed> {
    return state.keys.expiresAt - now() > renewBeforeMs
      ? { kind: 'kept', state }
      : renew(session, state, context);
  }

  return {
    fresh,
    async use(session, state, call, context) {
      try {
        return await call(unmoved(await fresh(session, state, context)));
      } catch (error) {
        if (!isStale(error) && !hasCode(error, 'RequestTimeTooSkewed')) throw error;
        return call(unmoved(await renew(session, state, context)));
      }
    },
  };
}

/** Nothing of what was stored can be reached under another object's name. */
function unmoved(renewed: Renewed): AlibabaVodState {
  if (renewed.kind === 'kept') return renewed.state;
  throw new EndpointError('upload-not-found', { detail: 'The service has given this upload another place.' });
}
