import { loadCode } from '../load-code.js';
import { browserNetwork } from '../network.js';
import { systemClock } from '../retry/clock.js';

const chunks = import.meta.glob<Record<string, () => Promise<unknown>>>('../chunks/*.ts', { eager: true });

/** Loads everything that the engine would load on first use. */
export async function loadChunks(): Promise<void> {
  const loaders = Object.values(chunks).flatMap((chunk) => Object.values(chunk));
  await Promise.all(loaders.map((load) => loadCode(load, { network: browserNetwork, clock: systemClock })));
}
