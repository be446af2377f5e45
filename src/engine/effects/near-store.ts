import type { Capabilities, SignedRequest } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import { placeName } from '../place.js';

/** Browsers close a connection that was opened ahead and not used after ten seconds or so. */
const reopenAfterMs = 8_000;

/**
 * A file is about to come: asks what the provider can do, if that is not known, and opens a connection to the store. Nothing
 * depends on it: a failure is not reported, and does not ask for a sign-in.
 */
export async function approachStore(
  context: EngineContext,
  accept: (capabilities: Capabilities) => void,
): Promise<void> {
  const { client, ports, nearStore, capabilities } = context;
  const now = ports.clock.elapsed();
  if (now - nearStore.approachedAt < reopenAfterMs) return;
  nearStore.approachedAt = now;
  openConnection(context);
  if (capabilities()) return;
  const answer = await client.describe().catch(() => undefined);
  if (!answer) return;
  accept(answer.capabilities);
  openConnection(context);
}

/**
 * Opens a connection to the store while the endpoint is asked. By a hint of the page, which sends no request.
 */
export function openConnection({ ports, nearStore, capabilities, options }: EngineContext): void {
  if (typeof document === 'undefined') return;
  const now = ports.clock.elapsed();
  const origins = capabilities()?.stores ?? nearStore.origin ?? remembered(options) ?? [];
  for (const origin of [origins].flat()) {
    if (now - (nearStore.openedAt.get(origin) ?? -Infinity) < reopenAfterMs) continue;
    nearStore.openedAt.set(origin, now);
    const link = document.createElement('link');
    link.rel = 'preconnect';
    link.href = origin;
    // Parts are sent without credentials, over connections of their own.
    link.crossOrigin = 'anonymous';
    document.head.append(link);
    setTimeout(() => link.remove(), reopenAfterMs);
  }
}

/** Parts of this provider go there: the next upload, also of a later visit, opens its connection early. */
export function noteStore({ nearStore, options }: EngineContext, requests: readonly SignedRequest[]): void {
  const url = requests[0]?.url;
  if (url === undefined || !URL.canParse(url)) return;
  const { origin } = new URL(url);
  if (nearStore.origin === origin) return;
  nearStore.origin = origin;
  try {
    localStorage.setItem(storageKey(options), origin);
  } catch {
    // No storage, or none left: the next visit does without.
  }
}

function remembered(options: EngineContext['options']): string | undefined {
  try {
    return localStorage.getItem(storageKey(options)) ?? undefined;
  } catch {
    return undefined;
  }
}

function storageKey({ endpoint, provider }: EngineContext['options']): string {
  return `${placeName({ endpoint, provider, scope: '' })}/store`;
}
